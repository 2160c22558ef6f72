package io.meshagent.it;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A breaker does nothing to calls that the service would have answered. */
class BreakerHarmIT {

  private static final String REFUSED = "circuit open";

  @AutoClose private final World world = World.local();

  private Jvm client() {
    Jvm client = world.loadClient().start();
    client.awaitInstances(1);
    return client;
  }

  private static void assertAllWell(Jvm client, LoadResult result, int calls) {
    assertThat(result.ok()).as(() -> client.described(result.toString())).isEqualTo(calls);
  }

  /** A calls B, B calls C, which takes 50 ms; somebody else gives B 30 ms. */
  @Thorough
  @ParameterizedTest(name = "its agent: {0}")
  @ValueSource(booleans = false)
  @ThoroughRows("true")
  void callers_with_too_little_time_harm_nobody_else(boolean governed) {
    world.flakyServer("c", "services=t.C").start().awaitPort();
    Jvm b = world.chainServer("b", "service=t.B", "next-service=t.C").start();
    int port = b.awaitPort();
    Jvm good = world.loadClient().start();
    good.awaitInstances(2);
    // The first calls of three programs take longer than those that are looked at.
    assertAllWell(good, good.load("calls n=20 threads=1 service=t.B deadline=0"), 20);
    JvmBuilder hurried = world.loadClient();
    Jvm bad = (governed ? hurried : hurried.withoutAgent()).start();
    String unused =
        bad.ask(
            "begin rate=160 deadline=30 service=t.B name=sleep:50 channel=target:localhost:"
                + port);
    await().atMost(Jvm.PATIENCE).until(() -> bad.load("count").failures() > 20);

    // Of ten of those, B sees three run out of time and the others cancelled: enough to open it.
    String steadily = "calls rate=20 threads=8 service=t.B name=sleep:50 deadline=10000 n=";
    assertAllWell(good, good.load(steadily + 100), 100);

    LoadResult hurriedCalls = bad.load("end");
    assertThat(hurriedCalls.failures("DEADLINE_EXCEEDED"))
        .as(() -> bad.described(hurriedCalls.toString()))
        .isGreaterThan(20);
    assertAllWell(good, good.load(steadily + 20), 20);
    // And one that hangs is refused all the same, with the same time for each.
    LoadResult hanging =
        good.load("calls n=250 rate=50 threads=32 service=t.B name=sleep:60000 deadline=500");
    assertThat(hanging.failures(REFUSED)).as(() -> good.described(hanging.toString())).isPositive();
  }

  @Thorough
  @Test
  void calls_that_were_too_late_before_they_began_harm_nobody_else() {
    world.flakyServer("a").start().awaitPort();
    Jvm client = client();
    String unused = client.ask("begin rate=30 late");
    assertAllWell(client, client.load("calls n=100 rate=20"), 100);
    LoadResult late = client.load("end");
    assertThat(late.failures("DEADLINE_EXCEEDED")).isGreaterThan(50).isEqualTo(late.failures());
  }

  @Thorough
  @Test
  void who_waits_for_a_connection_is_not_refused_while_there_is_none() {
    Jvm client = world.loadClient().start();
    client.await("ready");
    LoadResult alone = client.load("calls n=60 rate=20 threads=40 ready deadline=1000");
    assertThat(alone.failures("DEADLINE_EXCEEDED"))
        .as(() -> client.described(alone.toString()))
        .isEqualTo(60);
    assertThat(alone.failures(REFUSED)).isZero();

    world.flakyServer("a").start().awaitPort();
    assertAllWell(client, client.load("calls n=20 threads=20 ready deadline=30000"), 20);
  }

  @Thorough
  @Test
  void who_waits_for_a_connection_waits_while_the_circuit_is_open() {
    Jvm server = world.flakyServer("a", "fail=100").start();
    server.awaitPort();
    Jvm client = client();
    assertThat(client.load("calls n=100").failures(REFUSED)).isGreaterThan(50);
    LoadResult late = client.load("calls n=20 threads=20 ready deadline=200");
    assertThat(late.failures("DEADLINE_EXCEEDED: the call waited for the circuit of"))
        .as(() -> client.described(late.toString()))
        .isPositive();
    assertThat(late.failures(REFUSED)).isZero();

    String unused = server.ask("fail 0");
    LoadResult waited = client.load("calls n=50 threads=50 ready deadline=60000");
    assertAllWell(client, waited, 50);
    assertThat(client.stderr()).filteredOn(line -> line.contains("the circuit of")).hasSize(2);
  }

  @Thorough
  @Test
  void streams_of_a_lost_instance_come_back_at_once() {
    world.flakyServer("a").start().awaitPort();
    world.flakyServer("b").start().awaitPort();
    Jvm lost = world.flakyServer("lost").start();
    lost.awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(3);
    // A channel that is new has two of the three, and streams stay where they are.
    client.awaitAnswersBy(Set.of("a", "b", "lost"), "calls n=10");
    String unused = client.ask("begin rate=1 streams=90");
    await("its share of the streams")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("streams").okBy().getOrDefault("lost", 0) > 200);
    lost.kill9();
    LoadResult before = client.load("streams");
    await("as many messages as 90 streams exchange in a few seconds")
        .atMost(Jvm.PATIENCE)
        .until(() -> client.load("streams").ok() > before.ok() + 2_000);
    client.load("end");
    LoadResult streams = client.load("streams");
    assertThat(streams.failures(REFUSED)).as(() -> client.described(streams.toString())).isZero();
  }

  @Test
  void streams_that_end_after_their_answers_open_nothing() {
    world.flakyServer("a").start().awaitPort();
    Jvm client = client();
    for (int i = 0; i < 40; i++) {
      LoadResult stream = client.load("stream messages=2 last=fail");
      assertThat(stream.failures("UNAVAILABLE: flaky"))
          .as(() -> client.described(stream.toString()))
          .isOne();
    }
  }

  @Thorough
  @Test
  void one_bad_instance_of_three_takes_its_own_calls_and_no_others() {
    world.flakyServer("bad", "fail=100").start().awaitPort();
    world.flakyServer("b").start().awaitPort();
    world.flakyServer("c").start().awaitPort();
    Jvm client = world.loadClient().start();
    client.awaitInstances(3);
    LoadResult result = client.load("calls n=600 rate=100");
    assertThat(result.failures(REFUSED)).as(() -> client.described(result.toString())).isZero();
    assertThat(result.ok()).as("two of three calls").isGreaterThan(350);
    // Channels that are used once hold two of the three, and of 60 calls 20 to 30 meet the bad one.
    LoadResult each = client.load("each n=60");
    assertThat(each.failures(REFUSED)).as(() -> client.described(each.toString())).isZero();
  }

  @Thorough
  @Test
  void a_deadline_that_the_server_had_is_not_called_ours() {
    world.flakyServer("a").start().awaitPort();
    Jvm client = world.loadClient().mesh("client.timeout", "20s").start();
    client.awaitInstances(1);
    LoadResult result = client.load("calls n=5 deadline=0 name=too-late");
    assertThat(result.failures()).isEqualTo(5);
    assertThat(result.failures("client.timeout"))
        .as(() -> client.described(result.toString()))
        .isZero();
  }

  @Thorough
  @Test
  void a_limit_does_not_multiply_what_it_refuses() {
    Jvm server = world.flakyServer("a").mesh("server.rate-limit.rate", "50/s").start();
    int port = server.awaitPort();
    Jvm plain = world.loadClient().withoutAgent().start();
    String channel = "channel=retrying:localhost:" + port;
    LoadResult result = plain.load("calls n=1000 rate=400 threads=16 " + channel);
    assertThat(result.failures("RESOURCE_EXHAUSTED"))
        .as(() -> plain.described(result.toString()))
        .isGreaterThan(500);
    await("what the server has counted")
        .atMost(ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(server.metrics().sum("grpc_server_call_started_total"))
                    .isBetween(1_000.0, 1_005.0));
  }
}
