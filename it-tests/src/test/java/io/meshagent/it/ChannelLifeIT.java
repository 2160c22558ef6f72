package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Steady;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Ring;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Channels that go idle, wake up and end, after their instances came and went. */
@Thorough
class ChannelLifeIT {

  @AutoClose private final World world = World.local();

  static Stream<String> versions() {
    return Ring.rows(List.of(Classpaths.NEWEST), List.of(Classpaths.FLOOR, Classpaths.MIDDLE));
  }

  /**
   * The balancer that the channel drops goes on for five seconds: it tries its dead target again
   * after one, and says so when nobody listens any more.
   */
  @ParameterizedTest(name = "gRPC {0}")
  @MethodSource("versions")
  void what_the_dropped_balancer_still_says_does_not_keep_the_next_from_being_led(String grpc) {
    world.with(grpc, Runtime.version().feature());
    world.greeterServer(0, "a").start().awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(1);
    answered(client);

    for (int times = 0; times < 2; times++) {
      client.load("idle");
      Steady.pass(Duration.ofSeconds(3));
      answered(client);
    }
  }

  /** gRPC closes the connection to the one that left after five seconds, and a channel waits. */
  @ParameterizedTest(name = "gRPC {0}")
  @MethodSource("versions")
  void a_channel_ends_at_once_after_an_instance_left(String grpc) {
    world.with(grpc, Runtime.version().feature());
    Jvm left = world.greeterServer(0, "a").start();
    world.greeterServer(0, "b").start().awaitPort();
    left.awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(2);
    client.awaitAnswersBy(Set.of("a", "b"), "calls n=20");
    assertThat(left.terminate()).isEqualTo(143);
    client.awaitInstances(1);
    Steady.pass(Duration.ofMillis(700));
    answered(client);

    assertThat(Long.parseLong(client.ask("close"))).as("milliseconds to its end").isLessThan(1_000);
  }

  private static void answered(Jvm client) {
    LoadResult result = client.load("calls n=20");
    assertThat(result.ok()).as(() -> client.described(result.toString())).isEqualTo(20);
  }
}
