package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A program has tuned its keep-alive for the load balancer that it was written for: a ping each
 * second, without calls too. Instances end connections on which three pings come too early.
 */
class KeepAliveIT {

  @AutoClose private final World world = World.local();

  private void on(String version) {
    world.with(
        version.equals("newest")
            ? Classpaths.NEWEST
            : version.equals("middle") ? Classpaths.MIDDLE : Classpaths.FLOOR,
        Runtime.version().feature());
  }

  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows({"1.22", "middle"})
  void quiet_streams_live_on_though_the_channel_pings_for_its_load_balancer(String version) {
    on(version);
    Jvm a = world.flakyServer("a").start();
    world.flakyServer("b").start().awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(2);
    LoadResult unused = client.load("hold n=6 channel=alive:localhost:1");
    await().until(() -> client.load("held").ok() == 6);

    Jvm plain = world.loadClient().withoutAgent().start();
    unused = plain.load("hold n=6 channel=alive:localhost:" + a.awaitPort());
    await("who pings an instance like that loses its streams")
        .atMost(Duration.ofSeconds(30))
        .until(() -> plain.load("held").failures() == 6);

    LoadResult held = client.load("held");
    assertThat(held.failures()).as(() -> client.described("" + held)).isZero();
    assertThat(client.stderr()).as("nothing to say").hasSize(1);
  }
}
