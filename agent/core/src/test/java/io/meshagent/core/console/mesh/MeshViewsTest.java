package io.meshagent.core.console.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.meshagent.core.registry.etcd.FakeEtcd;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.run.ManualLoop;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MeshViewsTest {

  private static final EtcdSettings SETTINGS =
      new EtcdSettings(List.of("http://127.0.0.1:1"), "", "", "/services", Duration.ofSeconds(15))
          .withDocuments("/mesh");

  /** One for each prefix, since it knows none. */
  private final Map<String, FakeEtcd> etcds =
      Map.of(
          "/services/", new FakeEtcd(),
          "/mesh/agents/", new FakeEtcd(),
          "/mesh/policies/", new FakeEtcd());

  private final ManualLoop loop = new ManualLoop();
  private final MeshMirror mesh = new MeshMirror(SETTINGS, byPrefix(), loop);
  private final MeshViews views = new MeshViews(mesh);

  private EtcdOperations byPrefix() {
    return (EtcdOperations)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {EtcdOperations.class},
            (proxy, method, arguments) -> method.invoke(etcds.get(arguments[0]), arguments));
  }

  private void write(String key, String value) {
    String prefix = etcds.keySet().stream().filter(key::startsWith).findFirst().orElseThrow();
    etcds.get(prefix).write(key, value, 1);
  }

  @BeforeEach
  void start() {
    mesh.start();
  }

  private void host(String service, String place, String app, String version) {
    write(
        "/services/" + service + "/" + place,
        "{\"Op\":0,\"Addr\":\"%s\",\"Mesh\":{\"app\":\"%s\",\"version\":\"%s\"}}"
            .formatted(place, app, version));
  }

  private void calls(String id, String app, String calls, String bad) {
    write(
        "/mesh/agents/" + id + "/calls",
        "{\"id\":\"%s\",\"app\":\"%s\",\"calls\":{%s},\"bad\":[%s]}"
            .formatted(id, app, calls, bad));
  }

  private static JsonObject json(Map<String, Object> facts) {
    return new Gson().toJsonTree(facts).getAsJsonObject();
  }

  private JsonArray overview(String what) {
    loop.passSeconds(1);
    return json(views.overview()).getAsJsonArray(what);
  }

  private JsonObject edge(int at) {
    return overview("edges").get(at).getAsJsonObject();
  }

  @Test
  void what_programs_say_of_the_same_calls_is_summed() {
    host("a.B", "10.0.0.1:1", "greeter", "1");
    calls("1", "shop", "\"a.B\":{\"c\":[10,1,4,20],\"d\":[1,0,1,1]}", "");
    calls("2", "shop", "\"a.B\":{\"c\":[30,0,8,90]}", "");

    JsonObject edge = edge(0);

    assertThat(edge.get("from").getAsString()).isEqualTo("app:shop");
    assertThat(edge.get("to").getAsString()).isEqualTo("app:greeter");
    assertThat(edge.get("rate").getAsDouble()).isEqualTo(41);
    assertThat(edge.get("failed").getAsDouble()).isEqualTo(1);
    assertThat(edge.get("p99").getAsDouble()).isEqualTo(90);
    assertThat(edge.get("callers").getAsInt()).isEqualTo(2);
    JsonObject most = edge.getAsJsonArray("methods").get(0).getAsJsonObject();
    assertThat(most.get("method").getAsString()).isEqualTo("c");
    assertThat(most.get("p50").getAsDouble()).isEqualTo(7);
  }

  @Test
  void a_service_of_several_applications_or_of_none_stands_for_itself() {
    host("a.B", "10.0.0.1:1", "one", "1");
    host("a.B", "10.0.0.2:1", "two", "1");
    calls("1", "shop", "\"a.B\":{\"c\":[1,0,1,1]},\"gone.G\":{\"c\":[1,0,1,1]}", "");

    assertThat(overview("edges").toString()).contains("service:a.B", "service:gone.G");
    assertThat(overview("nodes").toString())
        .contains("{\"id\":\"service:gone.G\",\"name\":\"gone.G\",\"kind\":\"unregistered\"")
        .contains("{\"id\":\"service:a.B\",\"name\":\"a.B\",\"kind\":\"service\"");
  }

  @Test
  void an_instance_is_one_whatever_it_hosts_and_told_of_where_somebody_gives_it_no_calls() {
    host("a.B", "10.0.0.1:1", "greeter", "1");
    host("a.C", "10.0.0.1:1", "greeter", "1");
    host("grpc.health.v1.Health", "10.0.0.1:1", "greeter", "1");
    host("a.B", "10.0.0.2:1", "greeter", "2");
    calls("1", "shop", "", "[\"a.B\",\"10.0.0.2:1\",\"7 failures in a row\"]");
    loop.passSeconds(1);

    JsonObject overview = json(views.overview());
    assertThat(overview.get("instances").getAsInt()).isEqualTo(2);
    assertThat(overview.get("services").getAsInt()).isEqualTo(2);
    assertThat(overview.get("bad").getAsInt()).isEqualTo(1);
    JsonObject rows = json(views.instances("", ""));
    assertThat(rows.getAsJsonArray("rows").get(0).toString())
        .contains("10.0.0.2:1", "left out", "by 1 program: 7 failures in a row");
    assertThat(json(views.instances("greeter", "a.c")).get("found").getAsInt()).isEqualTo(1);
    assertThat(json(views.instances("nobody", "")).getAsJsonArray("rows")).isEmpty();
  }

  @Test
  void of_each_document_it_is_told_in_how_many_programs_it_is() {
    write("/mesh/policies/d", "apply-to.percent=5\nclient.timeout=1s\n");
    long revision = etcds.get("/mesh/policies/").revision;
    String report =
        "{\"id\":\"%s\",\"app\":\"a\",\"documents\":[{\"document\":\"d\",\"revision\":%d,"
            + "\"state\":\"%s\",\"in force\":%s,\"problems\":[%s]}]}";
    write("/mesh/agents/1", report.formatted("1", revision, "read", revision, ""));
    write("/mesh/agents/2", report.formatted("2", revision, "read", "null", ""));
    write("/mesh/agents/3", report.formatted("3", revision, "refused", "null", "\"line 1\""));
    write("/mesh/agents/4", report.formatted("4", revision - 1, "read", "7", ""));
    loop.passSeconds(1);

    assertThat(json(views.documents()).getAsJsonArray("rows").get(0).toString())
        .isEqualTo(
            "{\"document\":\"d\",\"revision\":"
                + revision
                + ",\"for\":{\"apply-to.percent\":\"5\"},\"in force\":1,\"not for\":1,"
                + "\"not read yet\":1,\"refused\":1,\"problems\":[\"line 1\"]}");
    assertThat(json(views.programs("")).getAsJsonArray("rows").get(0).toString())
        .contains("\"refuses\":[\"d (" + revision + "): line 1\"]");
  }

  @Test
  void what_nobody_can_read_is_left_out() {
    for (String text :
        new String[] {"", "{", "[]", "{}", "{\"calls\":[]}", "{\"calls\":{\"a\":1},\"bad\":[]}"}) {
      write("/mesh/agents/x/calls", text);
      write("/mesh/agents/x", text);
      write("/services/a.B/x", text);
      assertThat(overview("nodes")).as(text).isEmpty();
    }
    calls("1", "shop", "\"a.B\":{\"c\":[-1,1e300,\"NaN\",0]}", "");
    assertThat(edge(0).get("rate").getAsDouble()).isZero();
    assertThat(edge(0).get("p50").getAsDouble()).isZero();
  }

  @Test
  void the_number_grows_with_each_change_and_trouble_is_told() {
    loop.passSeconds(1);
    long before = views.revision();
    host("a.B", "10.0.0.1:1", "greeter", "1");
    assertThat(views.revision()).isGreaterThan(before);
    assertThat(json(views.overview()).get("listed").getAsBoolean()).isTrue();

    EtcdFailure refused = new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connection refused");
    etcds.values().forEach(each -> each.failure = refused);
    etcds.values().forEach(each -> each.cut(refused));
    loop.passSeconds(60);
    assertThat(overview("troubles").toString()).contains("connection refused");
    assertThat(overview("nodes")).as("what was known").hasSize(1);

    etcds.values().forEach(each -> each.failure = null);
    loop.passSeconds(60);
    assertThat(overview("troubles")).isEmpty();
  }
}
