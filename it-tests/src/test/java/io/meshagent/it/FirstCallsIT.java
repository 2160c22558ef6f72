package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program has started, and etcd does not say anything yet. */
class FirstCallsIT {

  @AutoClose private final EtcdServer etcd = EtcdServer.start();
  @AutoClose private final World world = World.on(etcd);

  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = {"floor", "newest"})
  void do_not_miss_their_deadline_by_waiting_for_the_directory(String grpc) {
    world.with(grpc.equals("floor") ? Classpaths.FLOOR : Classpaths.NEWEST, 17);
    int port = world.greeterServer(0, "a").withoutAgent().start().awaitPort();
    int other = world.greeterServer(0, "b").start().awaitPort();
    await().until(() -> etcd.keys().get("/services/helloworld.Greeter/").size() == 1);
    etcd.signal("STOP");
    Jvm client = world.loadClient().mesh("discover.first-wait", "60s").start();

    String live = " channel=target:localhost:" + port;
    assertThat(client.load("calls n=8 deadline=2500" + live).okBy())
        .as(() -> client.described("own deadline"))
        .containsEntry("a", 8);
    assertThat(client.load("calls n=8 deadline=0 inherited=2500" + live).okBy())
        .as(() -> client.described("inherited deadline"))
        .containsEntry("a", 8);
    assertThat(client.load("calls n=8 deadline=200" + live).okBy())
        .as(() -> client.described("no time to wait at all"))
        .containsEntry("a", 8);

    etcd.signal("CONT");
    await().atMost(Jvm.PATIENCE).until(() -> client.metrics().sum("mesh_directory_instances") == 1);
    assertThat(client.load("calls n=8 deadline=2500" + live).okBy())
        .as(() -> client.described("from now on to port " + other))
        .containsEntry("b", 8);
  }
}
