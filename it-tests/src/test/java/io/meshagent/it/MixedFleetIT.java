package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.meshagent.it.harness.EtcdKeys;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Programs of other frameworks, and other meshes, in the same etcd. */
class MixedFleetIT {

  private static final String SERVICE = "helloworld.Greeter";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  private int plainServer(String name) {
    return world.flakyServer(name).withoutAgent().start().awaitPort();
  }

  private static String kratos(String id, String name, int port) {
    return "{\"id\":\""
        + id
        + "\",\"name\":\""
        + name
        + "\",\"version\":\"v1\",\"metadata\":null,\"endpoints\":[\"http://127.0.0.1:1\","
        + "\"grpc://127.0.0.1:"
        + port
        + "\"]}";
  }

  @Test
  void entries_of_every_format_are_called_and_garbage_is_told_once() {
    EtcdKeys keys = ETCD.keys();
    int team = plainServer("team-b");
    keys.put(
        "/team-b/" + SERVICE + "/127.0.0.1:" + team,
        "{\"Op\":0,\"Addr\":\"127.0.0.1:" + team + "\",\"Metadata\":null}");
    keys.put("greet.rpc/7587886422364612101", "127.0.0.1:" + plainServer("go-zero"));
    int kratos = plainServer("kratos");
    keys.put("/microservices/" + SERVICE + "/u-1", kratos("u-1", SERVICE, kratos));
    keys.put("/services/" + SERVICE + "/bare", "127.0.0.1:" + plainServer("bare"));
    // None of these is an instance where it stands.
    keys.put("greet.rpc/1", "{\"Op\":0,\"Addr\":\"127.0.0.1:1\"}");
    keys.put("/microservices/" + SERVICE + "/u-2", "127.0.0.1:1");
    keys.put("/microservices/" + SERVICE + "/u-3", kratos("u-3", "another.Name", 1));
    keys.put("/services/" + SERVICE + "/what", "what");

    Jvm load =
        world
            .loadClient()
            .mesh(
                "registry.read",
                "etcd:/team-b,go-zero:greet.rpc="
                    + SERVICE
                    + ",kratos:/microservices,consul:/x,go-zero:greet.rpc/")
            .start();
    // The last part is the key as a service of its own.
    load.awaitInstances(5);
    load.awaitAnswersBy(Set.of("team-b", "go-zero", "kratos", "bare"), "calls n=80 deadline=30000");
    assertThat(load.metrics().sum("mesh_directory_entries_skipped_total"))
        .as("four of them, one seen by two parts")
        .isEqualTo(5);

    keys.put("greet.rpc/2", "127.0.0.1:" + plainServer("late"));
    await().atMost(Duration.ofSeconds(10)).until(() -> callees(load).contains("late"));
    keys.delete("/microservices/");
    await().atMost(Duration.ofSeconds(10)).until(() -> !callees(load).contains("kratos"));
    keys.put("greet.rpc/1", "garbage again");

    List<String> said = load.stderr().stream().filter(l -> l.contains("warn:")).toList();
    assertThat(said).anyMatch(l -> l.contains("consul") && l.contains("registry.read"));
    for (String key : List.of("greet.rpc/1", "/u-2", "/u-3", "/what")) {
      assertThat(said.stream().filter(line -> line.contains(key + " is not an instance")).count())
          .as(key)
          .isEqualTo(1);
    }
    assertThat(said).hasSize(5);
  }

  private static Set<String> callees(Jvm load) {
    return load.load("calls n=40 deadline=30000").okBy().keySet();
  }

  @Thorough
  @Test
  void every_format_is_written_byte_for_byte_under_one_lease() {
    String read = "kratos:/microservices,go-zero:/go-zero/" + SERVICE + "=" + SERVICE;
    Jvm server =
        world
            .flakyServer("a")
            .leavingFast()
            .mesh("registry.read", read)
            .mesh("registry.write", "etcd,go-zero,kratos")
            .mesh("registry.go-zero.prefix", "/go-zero")
            .mesh("app.version", "v1")
            .mesh("app.labels", "lane=blue")
            .start();
    int port = server.awaitPort();
    Map<String, EtcdKeys.Entry> all =
        await().atMost(Jvm.PATIENCE).until(() -> ETCD.keys().get("/"), keys -> keys.size() == 3);
    assertThat(all.values().stream().map(EtcdKeys.Entry::lease).distinct()).hasSize(1);
    String own = "/services/" + SERVICE + "/127.0.0.1:" + port;
    assertThat(all).containsKey(own);

    String goZero = only(all, "/go-zero/");
    assertThat(goZero).matches("/go-zero/helloworld\\.Greeter/[1-9][0-9]*");
    assertThat(all.get(goZero).value()).isEqualTo("127.0.0.1:" + port);

    String kratos = only(all, "/microservices/");
    String id = kratos.substring(kratos.lastIndexOf('/') + 1);
    JsonObject metadata = all.get(own).json().getAsJsonObject("Mesh");
    assertThat(all.get(kratos).value())
        .isEqualTo(
            "{\"id\":\""
                + id
                + "\",\"name\":\"helloworld.Greeter\",\"version\":\"v1\",\"metadata\":{"
                + "\"admin\":"
                + metadata.get("admin")
                + ",\"agent\":"
                + metadata.get("agent")
                + ",\"app\":"
                + metadata.get("app")
                + ",\"lane\":\"blue\",\"started\":"
                + metadata.get("started")
                + ",\"weight\":\"100\"},\"endpoints\":[\"grpc://127.0.0.1:"
                + port
                + "\"]}");

    // Whoever reads all of them sees one instance, with what etcd's own format says of it.
    Jvm load = world.loadClient().mesh("registry.read", read).start();
    load.awaitInstances(1);
    assertThat(load.load("calls n=20 deadline=30000").okBy()).containsEntry("a", 20);

    ETCD.keys().delete(goZero);
    ETCD.keys().delete(kratos);
    await("what was deleted by hand, which the server sees where it reads")
        .atMost(Duration.ofSeconds(10))
        .until(() -> ETCD.keys().get("/").equals(all));
    assertThat(server.terminate()).isEqualTo(143);
    assertThat(ETCD.keys().get("/")).isEmpty();
  }

  private static String only(Map<String, EtcdKeys.Entry> all, String prefix) {
    List<String> found = all.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Thorough
  @Test
  void formats_that_would_disturb_each_other_are_refused_in_one_line() {
    Jvm server =
        world
            .flakyServer("a")
            .leavingFast()
            .mesh("registry.write", "etcd,go-zero")
            .mesh("registry.go-zero.prefix", "/services")
            .start();
    int port = server.awaitPort();
    await().atMost(Jvm.PATIENCE).until(() -> !ETCD.keys().get("/").isEmpty());

    assertThat(ETCD.keys().get("/"))
        .containsOnlyKeys("/services/" + SERVICE + "/127.0.0.1:" + port);
    assertThat(server.stderr().stream().filter(line -> line.contains("warn:")))
        .singleElement()
        .asString()
        .contains("registry.write", "go-zero", "/services");
  }

  @Thorough
  @Test
  void two_namespaces_do_not_see_each_other() {
    Jvm one = world.flakyServer("one").leavingFast().mesh("etcd.namespace", "team-1").start();
    Jvm two = world.flakyServer("two").leavingFast().mesh("etcd.namespace", "team-2").start();
    int first = one.awaitPort();
    int second = two.awaitPort();
    Jvm load = world.loadClient().mesh("etcd.namespace", "team-1").start();
    load.awaitInstances(1);
    await().atMost(Jvm.PATIENCE).until(() -> ETCD.keys().get("team-2").size() == 1);

    assertThat(ETCD.keys().get("team-"))
        .containsOnlyKeys(
            "team-1/services/" + SERVICE + "/127.0.0.1:" + first,
            "team-2/services/" + SERVICE + "/127.0.0.1:" + second);
    assertThat(ETCD.keys().get("/")).isEmpty();
    assertThat(load.load("calls n=20 deadline=30000").okBy()).containsEntry("one", 20);

    // Changes are seen there, too.
    one.terminate();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> load.metrics().sum("mesh_directory_instances") == 0);
  }
}
