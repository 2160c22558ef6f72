package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls go where rules send them and stay in their lane, or fail and say why. */
class RoutingIT {

  private static final String ROUTE = "client.route@helloworld.Greeter";

  private static final String TRACE = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";

  @AutoClose private final World world = World.local();

  private Jvm server(String name, String version, Object... args) {
    return world.flakyServer(name, args).mesh("app.version", version).leavingFast().start();
  }

  private Jvm inLane(JvmBuilder program, String lane) {
    return program
        .mesh("client.lane", "lane")
        .mesh("app.labels", lane.isEmpty() ? "" : "lane=" + lane)
        .leavingFast()
        .start();
  }

  private Jvm client(int instances, String key, String value) {
    Jvm client =
        world.loadClient().mesh(key, value).mesh("client.breaker.enabled", "false").start();
    client.awaitInstances(instances);
    return client;
  }

  private static void assertServedBy(Jvm client, String command, String... names) {
    LoadResult result = client.load(command);
    assertThat(result.failures()).as(() -> client.described(command + ": " + result)).isZero();
    assertThat(result.okBy())
        .as(() -> client.described(command + ": " + result))
        .containsOnlyKeys(names);
  }

  private void onGrpc(String version) {
    world.with(version, Runtime.version().feature());
  }

  @ParameterizedTest
  @ValueSource(strings = "newest")
  @ThoroughRows({"middle", "floor"})
  void the_first_clause_that_a_call_meets_says_where_it_goes(String grpc) {
    onGrpc(version(grpc));
    int own = server("v1", "1").awaitPort();
    server("v2", "2").awaitPort();
    String rule =
        "x-user=alice -> version=2 ; x-user=bob -> version=9 ; x-user=carol -> version=9? ;"
            + " x-user~d.+ -> version=2 ; x-user=erin -> version=1 & app=other ; * -> version=1";
    Jvm client = client(2, ROUTE, rule);
    String channel = " channel=target:localhost:" + own;

    for (String command : new String[] {"calls n=40 deadline=30000", "stream messages=2"}) {
      String by = command + channel + " header=x-user:";
      assertServedBy(client, by + "alice", "v2");
      assertServedBy(client, by + "dave", "v2");
      assertServedBy(client, command + channel, "v1");

      LoadResult bob = client.load(by + "bob");
      assertThat(bob.ok()).as("not even by the channel's own target").isZero();
      assertThat(bob.failed().keySet())
          .as(() -> client.described(bob.toString()))
          .isNotEmpty()
          .allMatch(failure -> failure.startsWith("UNAVAILABLE") && failure.contains(ROUTE))
          .allMatch(failure -> failure.contains("x-user=bob -> version=9"));
      assertThat(client.load(by + "erin").ok()).isZero();
      assertThat(client.load(by + "carol").failures()).isZero();
    }
    assertThat(Metrics.get(client.admin() + "/mesh")).contains("\"routes\"", "x-user\\u003dbob");
    assertServedBy(
        client,
        "calls n=60 deadline=30000 channel=target:localhost:1 header=x-user:carol",
        "v1",
        "v2");
  }

  private static String version(String grpc) {
    return switch (grpc) {
      case "newest" -> Classpaths.NEWEST;
      case "middle" -> Classpaths.MIDDLE;
      default -> Classpaths.FLOOR;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = "newest")
  @ThoroughRows({"middle", "floor"})
  void a_canary_gets_its_share_and_a_retry_stays_on_its_side(String grpc) {
    onGrpc(version(grpc));
    server("v1", "1").awaitPort();
    Jvm canary = server("v2", "2");
    canary.awaitPort();
    Jvm client = client(2, ROUTE, "50% -> version=2 ; * -> version=1");
    client.awaitAnswersBy(Set.of("v1", "v2"), "calls n=60 deadline=30000");

    LoadResult half = client.load("calls n=2000 deadline=30000 threads=4");
    assertThat(half.failures()).isZero();
    assertThat(half.okBy().get("v2"))
        .as(() -> client.described(half.toString()))
        .isBetween(850, 1_150);
    LoadResult traced = client.load("calls n=50 deadline=30000 header=traceparent:" + TRACE);
    assertThat(traced.okBy()).as("one trace is on one side: " + traced).hasSize(1);

    canary.say("fail 100");
    LoadResult failing =
        client.load("calls n=200 deadline=30000 threads=8 channel=retrying:localhost:1");
    assertThat(failing.failures())
        .as(() -> client.described("one in sixteen, if attempts were to change sides: " + failing))
        .isBetween(60, 140);
    assertThat(failing.okBy()).containsOnlyKeys("v1");
  }

  @ParameterizedTest
  @ValueSource(strings = "newest")
  @ThoroughRows({"middle", "floor"})
  void a_call_stays_in_its_lane_over_two_hops_and_goes_back_where_the_lane_ends(String grpc) {
    onGrpc(version(grpc));
    inLane(world.chainServer("a", "name=a"), "").awaitPort();
    inLane(world.chainServer("a-blue", "name=a-blue", "executor"), "blue").awaitPort();
    inLane(world.flakyServer("b"), "").awaitPort();
    Jvm blue = inLane(world.flakyServer("b-blue"), "blue");
    blue.awaitPort();
    Jvm client = client(4, "client.lane", "lane");
    String service = " service=chain.Front";
    String inBlue = service + " header=baggage:user=7;x,baggage:lane=blue";

    assertServedBy(client, "calls n=1 deadline=30000" + inBlue, "a-blue>b-blue");
    for (String command : new String[] {"calls n=40 deadline=30000", "stream messages=2"}) {
      assertServedBy(client, command + inBlue, "a-blue>b-blue");
      assertServedBy(client, command + service, "a>b");
      assertServedBy(client, command + service + " header=baggage:lane=green", "a>b");
    }

    assertThat(blue.terminate()).isEqualTo(143);
    await("the lane ends at the first hop")
        .atMost(Jvm.PATIENCE)
        .until(
            () -> client.load("calls n=20 deadline=30000" + inBlue).okBy().keySet(),
            Set.of("a-blue>b")::equals);
    assertServedBy(client, "calls n=40 deadline=30000" + inBlue, "a-blue>b");
    assertServedBy(client, "stream messages=2" + inBlue, "a-blue>b");
  }

  @Thorough
  @Test
  void a_rule_that_is_none_is_told_of_and_changes_nothing() {
    server("v1", "1").awaitPort();
    server("v2", "2").awaitPort();
    Jvm client = client(2, ROUTE, "120% -> version=2");

    client.awaitError(
        line -> line.contains(ROUTE) && line.contains("clause 1") && line.contains("percentage"),
        Jvm.PATIENCE);
    LoadResult unused = client.awaitAnswersBy(Set.of("v1", "v2"), "calls n=60 deadline=30000");
  }
}
