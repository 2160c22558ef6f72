package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program has started, and etcd does not say anything yet. */
@Thorough
class FirstCallsIT {

  @AutoClose private final EtcdServer etcd = EtcdServer.start();
  @AutoClose private final World world = World.on(etcd);

  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows("floor")
  void do_not_miss_their_deadline_by_waiting_for_the_directory(String grpc) {
    world.with(grpc.equals("floor") ? Classpaths.FLOOR : Classpaths.NEWEST, 17);
    int port = world.greeterServer(0, "a").withoutAgent().start().awaitPort();
    int other = world.greeterServer(0, "b").start().awaitPort();
    await().until(() -> etcd.keys().get("/services/helloworld.Greeter/").size() == 1);
    String excluded = " channel=target:127.0.0.1:" + port;
    Jvm bare = world.loadClient().withoutAgent().start();
    assertThat(bare.load("calls n=8" + excluded).okBy()).as("a warm server").containsEntry("a", 8);
    etcd.signal("STOP");
    Jvm client =
        world
            .loadClient()
            .mesh("discover.first-wait", "60s")
            .mesh("discover.exclude-targets", "*127.0.0.1*")
            .start();
    // What is left of a deadline after the wait is half a second, too little to load classes in.
    assertThat(client.load("calls n=8" + excluded).okBy())
        .as(() -> client.described("a warm client, over a channel that waits for nothing"))
        .containsEntry("a", 8);

    String live = " channel=target:localhost:" + port;
    assertThat(client.load("calls n=8 deadline=2500" + live).okBy())
        .as(() -> client.described("own deadline"))
        .containsEntry("a", 8);
    assertThat(client.load("calls n=8 deadline=0 inherited=2500" + live).okBy())
        .as(() -> client.described("inherited deadline"))
        .containsEntry("a", 8);
    assertThat(client.load("calls n=8 deadline=450" + live).okBy())
        .as(() -> client.described("no time to wait at all"))
        .containsEntry("a", 8);

    etcd.signal("CONT");
    client.awaitDirectory(1);
    client.awaitAnswersBy(Set.of("b"), "calls n=1 deadline=2500" + live);
    assertThat(client.load("calls n=8 deadline=2500" + live).okBy())
        .as(() -> client.described("from now on to port " + other))
        .containsEntry("b", 8);
  }
}
