package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * gRPC from before the floor: what can work does, what can't is said in one line, and the program
 * goes where it always went.
 */
class OldVersionsIT {

  private static final String GREETER = "/services/helloworld.Greeter/127.0.0.1:";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  @ParameterizedTest(name = "gRPC {0} on Java {1}")
  @CsvSource("1.21.0, 17")
  @ThoroughRows({"1.19.0, 8", "1.20.0, 11"})
  void registers_and_governs_but_does_not_reroute(String grpc, int jdk) {
    world.with(grpc, jdk);
    Jvm server = world.flakyServer("old").leavingFast().start();
    int port = server.awaitPort();
    await().atMost(Jvm.PATIENCE).until(() -> ETCD.keys().get(GREETER + port).size() == 1);
    Jvm client = world.loadClient().start();
    assertThat(client.load("calls n=20 channel=target:localhost:" + port).okBy())
        .containsEntry("old", 20);
    assertThat(client.load("calls n=1").ok()).as("to the dead target").isZero();
    awaitCalls(client, "client", 20);
    awaitCalls(server, "server", 20);
    assertThat(server.terminate()).isEqualTo(143);
    assertThat(ETCD.keys().get(GREETER + port)).isEmpty();
    client.say("quit");
    assertThat(client.awaitExit()).isZero();
    for (Jvm jvm : List.of(server, client)) {
      assertOneWarning(jvm, grpc, "calls go to their original targets");
    }
  }

  @Thorough
  @ParameterizedTest(name = "gRPC {0} on Java {1}")
  @CsvSource({"1.18.0, 17", "1.16.1, 8"})
  void stays_out_where_servers_cannot_be_asked_for_their_ports(String grpc, int jdk) {
    world.with(grpc, jdk);
    Jvm server = world.flakyServer("old").start();
    int port = server.awaitPort();
    Jvm client = world.loadClient().start();
    assertThat(client.load("calls n=20 channel=target:localhost:" + port).okBy())
        .containsEntry("old", 20);
    awaitCalls(client, "client", 20);
    client.say("quit");
    assertThat(client.awaitExit()).isZero();
    assertThat(server.terminate()).isEqualTo(143);
    assertThat(ETCD.keys().get(GREETER + port)).isEmpty();
    for (Jvm jvm : List.of(server, client)) {
      assertOneWarning(
          jvm,
          grpc,
          "servers are neither registered nor governed",
          "calls go to their original targets");
    }
  }

  /** A call is counted a moment after its caller has the answer. */
  private static void awaitCalls(Jvm jvm, String side, int answered) {
    String count = "grpc_" + side + "_call_duration_seconds_count";
    await(answered + " calls of " + jvm)
        .atMost(Jvm.PATIENCE)
        .until(() -> jvm.metrics().sum(count, "grpc_status", "OK") == answered);
  }

  private static void assertOneWarning(Jvm jvm, String grpc, String... losses) {
    assertThat(jvm.stderr())
        .as(() -> jvm.described("warnings"))
        .filteredOn(line -> line.contains("[mesh-agent] warn") && !line.contains(Jvm.CIRCUIT))
        .singleElement()
        .asString()
        .contains("gRPC " + grpc + " has no ", "All of it works with gRPC 1.22 to ")
        .contains(losses);
  }
}
