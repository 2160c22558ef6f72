package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Ring;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies of calls go to an instance that is tried out, and the calls themselves don't notice. */
class MirrorIT {

  @AutoClose
  private final World world = World.local().with(Classpaths.NEWEST, Runtime.version().feature());

  private Jvm tried;

  static Stream<String> versions() {
    return Ring.rows(List.of(Classpaths.NEWEST), List.of(Classpaths.FLOOR, Classpaths.MIDDLE));
  }

  /** A client whose copies are known to arrive. */
  private Jvm start(String rule, String max) {
    world.flakyServer("v1").mesh("app.version", "1").start().awaitPort();
    tried =
        world.flakyServer("v3", "traces").mesh("app.version", "3").mesh("app.weight", "0").start();
    tried.awaitPort();
    Jvm client =
        world
            .loadClient()
            .mesh("client.mirror@helloworld.Greeter", rule)
            .mesh("client.mirror.max", max)
            .start();
    client.awaitInstances(2);
    await("a copy arrives")
        .atMost(Jvm.PATIENCE)
        .until(
            () -> {
              calls(client, "calls n=20 deadline=60000");
              return copies(client, "ok") + copies(client, "failed") > 0;
            });
    awaitRest(client);
    return client;
  }

  private static LoadResult calls(Jvm client, String command) {
    LoadResult result = client.load(command);
    assertThat(result.failures()).as(() -> client.described(result.toString())).isZero();
    assertThat(result.okBy()).containsOnlyKeys("v1");
    return result;
  }

  private static int copies(Jvm client, String result) {
    return (int) client.metrics().sum("mesh_mirrored_calls_total", "result", result);
  }

  private static void awaitRest(Jvm client) {
    await("no copy under way")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.metrics().sum("mesh_mirrored_calls_open") == 0);
  }

  @ParameterizedTest(name = "gRPC {0}")
  @MethodSource("versions")
  void the_share_of_calls_is_copied_and_marked(String grpc) {
    world.with(grpc, Runtime.version().feature());
    Jvm client = start("10% -> version=3", "1000");
    int before = copies(client, "ok");

    LoadResult unused = calls(client, "calls n=2000 rate=1000 deadline=60000");

    awaitRest(client);
    int copied = copies(client, "ok");
    assertThat(copied - before).as("of 2,000, 4.5 deviations").isCloseTo(200, within(60));
    assertThat(copies(client, "failed")).isZero();
    await("each of them is marked")
        .atMost(Jvm.PATIENCE)
        .until(() -> tried.stdout().stream().filter("copy"::equals).count() == copied);
  }

  @Thorough
  @Test
  void one_that_fails_or_hangs_harms_no_call() {
    Jvm client = start("* -> version=3", "5");

    tried.say("fail 100");
    int failed = copies(client, "failed");
    LoadResult whileFailing = calls(client, "calls n=300 rate=300 deadline=60000");
    awaitRest(client);
    assertThat(copies(client, "failed")).as(whileFailing.toString()).isGreaterThan(failed + 30);
    assertThat(client.stderr()).noneMatch(line -> line.contains(Jvm.CIRCUIT));

    tried.signal("STOP");
    int dropped = copies(client, "dropped");
    LoadResult unused = calls(client, "calls n=300 rate=300 deadline=60000");
    assertThat(client.metrics().sum("mesh_mirrored_calls_open")).isBetween(1.0, 5.0);
    assertThat(copies(client, "dropped")).isGreaterThan(dropped + 200);

    long millis = Long.parseLong(client.ask("close", Duration.ofSeconds(40)));
    assertThat(millis).as("the channel waits for no copy").isLessThan(4_000);
    awaitRest(client);
  }

  @Thorough
  @Test
  void what_a_copy_causes_is_not_copied_again() {
    world.flakyServer("v1").start().awaitPort();
    world.flakyServer("v3").mesh("app.version", "3").mesh("app.weight", "0").start().awaitPort();
    Jvm front = front("1", "100");
    Jvm triedFront = front("3", "0");
    Jvm client = world.loadClient().mesh("client.mirror", "* -> version=3").start();
    client.awaitInstances(4);

    await("copies of both")
        .atMost(Jvm.PATIENCE)
        .until(
            () -> {
              calls(client, "calls n=20 deadline=60000 service=chain.Front");
              return copies(client, "ok") > 20 && copies(front, "ok") > 20;
            });

    assertThat(triedFront.metrics().sum("grpc_client_call_duration_seconds_count"))
        .as("calls of the one that gets copies only")
        .isGreaterThan(20);
    assertThat(triedFront.metrics().sum("mesh_mirrored_calls_total")).isZero();
  }

  private Jvm front(String version, String weight) {
    Jvm front =
        world
            .chainServer("front" + version)
            .mesh("app.version", version)
            .mesh("app.weight", weight)
            .mesh("client.mirror", "* -> version=3")
            .start();
    front.awaitPort();
    return front;
  }
}
