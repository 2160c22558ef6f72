package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.LoadResult;
import io.meshagent.it.harness.Metrics;
import io.meshagent.it.harness.OtlpReceiver;
import io.meshagent.it.harness.Scenario;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After calls that ended in every way there is, nothing of them is left. */
class NothingHeldIT {

  @AutoClose private final OtlpReceiver collector = OtlpReceiver.start();
  @AutoClose private final World world = World.local();

  @ParameterizedTest(name = "gRPC {0}")
  @ValueSource(strings = "newest")
  @ThoroughRows("floor")
  void at_rest_nothing_is_held(String grpc) {
    world.with(
        grpc.equals("floor") ? Classpaths.FLOOR : Classpaths.NEWEST, Runtime.version().feature());
    Jvm server =
        world
            .flakyServer("a")
            .leavingFast()
            .mesh("server.rate-limit.rate", "500/s")
            .mesh("tracing.otlp.endpoint", collector.endpoint())
            .start();
    server.awaitPort();
    Jvm client =
        world
            .loadClient()
            // Fewer a minute than there are streams: some are refused, be the machine slow or fast.
            .mesh("client.rate-limit.rate@*Greeter/Chat", Scenario.many(600) + "/m")
            .mesh("client.timeout", "500ms")
            .mesh("client.breaker.open-for", "200ms")
            .mesh("tracing.otlp.endpoint", collector.endpoint())
            .start();
    client.awaitInstances(1);

    LoadResult chaos = client.load("chaos n=" + Scenario.many(4_000) + " threads=8 seed=7");
    assertThat(chaos.failures("INTERNAL")).as(() -> client.described(chaos.toString())).isZero();
    assertThat(chaos.failures("CANCELLED")).isPositive();
    assertThat(chaos.failures("DEADLINE_EXCEEDED")).isPositive();
    for (Jvm jvm : new Jvm[] {client, server}) {
      await("nothing in flight")
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(jvm.metrics().all("mesh_calls_in_flight"))
                      .as(() -> jvm.toString())
                      .isNotEmpty()
                      .allSatisfy(sample -> assertThat(sample.value()).isZero()));
    }
    awaitEverySpanEnded(client, "client");
    awaitEverySpanEnded(server, "server");
    assertThat(client.metrics().sum("mesh_refusals_total")).as("some were refused").isPositive();
    await("no probe of the breaker is held for ever, no permit is lost")
        .atMost(Duration.ofSeconds(20))
        .until(() -> client.load("calls n=50 threads=1").ok() == 50);

    // Streams that were held would keep the channel, and with it the program, alive.
    client.say("quit");
    assertThat(client.awaitExit()).isZero();
    server.say("quit");
    assertThat(server.awaitExit()).isZero();
  }

  /** Each call that was let go has a span, and a span leaves the program only when it has ended. */
  private static void awaitEverySpanEnded(Jvm jvm, String side) {
    await("as many spans as calls that were let go")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              Metrics now = jvm.metrics();
              double letGo =
                  now.sum("grpc_" + side + "_call_started_total") - now.sum("mesh_refusals_total");
              assertThat(
                      now.sum("mesh_tracing_spans_exported_total")
                          + now.sum("mesh_tracing_spans_dropped_total"))
                  .isEqualTo(letGo)
                  .isPositive();
            });
  }
}
