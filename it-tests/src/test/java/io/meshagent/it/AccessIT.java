package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Certificates;
import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.TlsPeer;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who calls is known to a server's rules, and by them some may call and others may not. */
class AccessIT {

  private static final String SERVICE = "guarded.Greeter";
  private static final String OPEN = "open.Greeter";
  private static final String RULE = "server.access@" + SERVICE;
  private static final String POLICY = "/mesh/policies/access";
  private static final Map<String, String> VERSIONS =
      Map.of("1.22", Classpaths.FLOOR, "middle", Classpaths.MIDDLE, "newest", Classpaths.NEWEST);

  private static final EtcdServer ETCD = EtcdServer.shared();

  @AutoClose private final World world = World.on(ETCD);

  private Jvm client(String application) {
    Jvm client =
        world
            .loadClient()
            .mesh("app.name", application)
            .mesh("client.breaker.enabled", "false")
            .start();
    client.awaitInstances(2);
    return client;
  }

  private static List<String> seen(Jvm server) {
    return server.stdout().stream().filter(line -> line.startsWith("headers ")).toList();
  }

  @Thorough
  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows({"1.22", "middle"})
  void a_rule_knows_who_calls_and_the_program_sees_nothing_of_it(String version) {
    world.with(VERSIONS.get(version), version.equals("1.22") ? 8 : 17);
    Jvm server =
        world
            .flakyServer("a", "services=" + SERVICE, "headers")
            .mesh(RULE, "allow shop; deny *")
            .mesh("server.access.mode", "enforce")
            .start();
    server.awaitPort();
    Jvm open = world.flakyServer("b", "services=" + OPEN, "headers").start();
    open.awaitPort();
    Jvm shop = client("shop");
    Jvm batch = client("batch");

    for (String command : new String[] {"calls n=20 deadline=0", "stream messages=2"}) {
      String at = command + " header=x-one:1 service=";
      LoadResult allowed = shop.load(at + SERVICE);
      assertThat(allowed.failures()).as(() -> shop.described(allowed.toString())).isZero();
      assertThat(shop.load(at + OPEN).failures()).isZero();
      LoadResult denied = batch.load(at + SERVICE);
      assertThat(denied.ok()).as(() -> batch.described(denied.toString())).isZero();
      assertThat(denied.failures("PERMISSION_DENIED: mesh-agent: batch may not call " + SERVICE))
          .as(() -> batch.described(denied.toString()))
          .isEqualTo(denied.failures());
    }
    assertThat(seen(server)).as("as one sees them that does not ask").isEqualTo(seen(open));
    assertThat(seen(server)).hasSize(21).noneMatch(line -> line.contains("mesh-caller"));

    LoadResult own =
        batch.load("calls n=1 deadline=60000 header=mesh-caller:shop service=" + SERVICE);
    assertThat(own.ok()).as("the program's own word is as good as an agent's").isOne();
    assertThat(seen(server))
        .last()
        .asString()
        .contains("mesh-caller=shop")
        .doesNotContain(";agent");
    assertThat(server.metrics().sum("mesh_access_total", "verdict", "refused")).isEqualTo(21);
  }

  @Test
  void a_rule_is_tried_out_and_enforced_while_calls_flow_and_costs_those_who_may_none() {
    Jvm server = world.flakyServer("a", "services=" + SERVICE).mesh("app.name", "guarded").start();
    server.awaitPort();
    world.flakyServer("b", "services=" + OPEN).start().awaitPort();
    Jvm shop = client("shop");
    Jvm batch = client("batch");
    String calls = "calls n=20 threads=1 deadline=60000 service=" + SERVICE;
    assertThat(batch.load(calls).ok()).isEqualTo(20);
    String unused = shop.ask("begin rate=100 service=" + SERVICE);

    ETCD.keys().put(POLICY, "apply-to.app=guarded\n" + RULE + "=allow shop\n");
    await("batch is told of")
        .atMost(Jvm.PATIENCE)
        .until(
            () -> {
              assertThat(batch.load(calls).failures()).as("only told of").isZero();
              return server.stderr().stream()
                  .anyMatch(line -> line.contains("batch calls " + SERVICE + "/SayHello"));
            });
    assertThat(server.stderr()).noneMatch(line -> line.contains("shop calls"));

    ETCD.keys()
        .put(POLICY, "apply-to.app=guarded\n" + RULE + "=allow shop\nserver.access.mode=enforce\n");
    await("batch is refused")
        .atMost(Jvm.PATIENCE)
        .until(() -> batch.load(calls).failures("PERMISSION_DENIED") == 20);
    ETCD.keys().delete(POLICY);
    await("and let in again").atMost(Jvm.PATIENCE).until(() -> batch.load(calls).ok() == 20);

    LoadResult steady = shop.load("end");
    assertThat(steady.failures()).as(() -> shop.described(steady.toString())).isZero();
    assertThat(steady.ok()).isGreaterThan(10);
  }

  @Test
  void whom_a_certificate_names_counts() {
    Jvm peer =
        world
            .launch("tls")
            .main(Classpaths.ofAllTransports("1.82.2"), TlsPeer.class.getName())
            .args("netty-shaded", Certificates.of("one").cert("server").getParent())
            .mesh("server.access@tls.Mutual", "allow nobody")
            .mesh("server.access@tls.Tls", "allow tls:*")
            .mesh("server.access.mode", "enforce")
            .mesh("app.name", "peer")
            .start();
    peer.await("ready");
    peer.awaitDirectory(5);

    assertThat(peer.ask("call mutual tls.Mutual"))
        .startsWith("PERMISSION_DENIED")
        .contains("mesh-agent: client may not call tls.Mutual/SayHello");
    assertThat(peer.ask("call tls tls.Tls"))
        .as("what it says of itself is no certificate")
        .startsWith("PERMISSION_DENIED")
        .contains("peer may not call tls.Tls/SayHello");
    assertThat(peer.ask("call tls tls.Both")).as("no rule").startsWith("tls ");
  }
}
