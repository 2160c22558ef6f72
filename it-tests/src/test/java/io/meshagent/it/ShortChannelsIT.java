package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.ManyServers;
import io.meshagent.it.tools.ring.Ring;
import io.meshagent.it.tools.ring.Thorough;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that make a channel for each call do not pay for a connection to every instance. */
@Thorough
class ShortChannelsIT {

  private static final int SERVERS = 12;
  private static final int CALLS = 60;

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final World world = World.on(ETCD);

  static Stream<String> versions() {
    return Ring.rows(List.of(Classpaths.NEWEST), List.of(Classpaths.FLOOR));
  }

  @ParameterizedTest(name = "gRPC {0}")
  @MethodSource("versions")
  void a_channel_for_one_call_connects_to_two_and_one_that_stays_to_all(String grpc) {
    world.with(grpc, 17);
    Jvm servers = world.program("many", ManyServers.class).args("n=" + SERVERS).start();
    servers.await("ready");
    Jvm client = world.loadClient().start();
    client.awaitInstances(SERVERS);
    int before = connections(servers);

    LoadResult each = client.load("each n=" + CALLS);

    assertThat(each.ok()).as(() -> client.described(each.toString())).isEqualTo(CALLS);
    assertThat(each.okBy().keySet()).as("all are used, by one or the other").hasSizeGreaterThan(6);
    int made = connections(servers) - before;
    // Two for each, but for calls that take longer than a channel is young on a busy machine.
    assertThat(made).isBetween(CALLS, CALLS * SERVERS / 2);

    client.load("calls n=1");
    await().atMost(Jvm.PATIENCE).until(() -> connections(servers) >= before + made + SERVERS);
    await()
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("calls n=" + 10 * SERVERS).okBy().size() == SERVERS);
  }

  @ParameterizedTest(name = "gRPC {0}")
  @MethodSource("versions")
  void the_first_call_finds_the_one_that_lives_among_many_that_do_not(String grpc) {
    world.with(grpc, 17);
    for (int port = 2; port < 2 + SERVERS; port++) {
      String address = "127.0.0.1:" + port;
      ETCD.keys()
          .put(
              "/services/helloworld.Greeter/" + address,
              "{\"Op\":0,\"Addr\":\"" + address + "\",\"Metadata\":null}");
    }
    world.flakyServer("living").start().awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(SERVERS + 1);

    assertThat(client.load("each n=" + CALLS).okBy()).containsEntry("living", CALLS);
  }

  private static int connections(Jvm servers) {
    return Integer.parseInt(servers.ask("connections"));
  }
}
