package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.OtlpReceiver;
import io.meshagent.it.harness.OtlpReceiver.Value;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Metrics come to the collector that spans are sent to, and cost no call where it takes none. */
class OtlpMetricsIT {

  private static final String LABELS = "{grpc.method=helloworld.Greeter/SayHello, grpc.status=OK}";
  private static final String DURATION = "grpc.client.call.duration";
  private static final String KEY = "tracing.otlp.endpoint";

  @AutoClose private final OtlpReceiver collector = OtlpReceiver.start();
  @AutoClose private final World world = World.local();

  private Jvm client;

  private void clientWith(String otlp) {
    world.flakyServer("a").start().awaitPort();
    client =
        world
            .loadClient()
            .mesh(KEY, collector.endpoint())
            .mesh("tracing.sampling", "0")
            .mesh("app.name", "shop")
            .mesh("metrics.otlp", otlp)
            .start();
    client.awaitInstances(1);
    assertThat(client.load("calls n=40").ok()).isEqualTo(40);
  }

  private List<Value> values(String name) {
    return collector.values().stream().filter(value -> value.name().equals(name)).toList();
  }

  private List<Value> durations() {
    return values(DURATION).stream().filter(value -> value.labels().equals(LABELS)).toList();
  }

  @Test
  void come_again_and_again_with_the_names_of_the_proposals() {
    clientWith("1s");

    await("a value of all calls")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(durations()).anyMatch(value -> value.value() == 40));
    Value duration = durations().get(durations().size() - 1);
    assertThat(duration.service()).isEqualTo("shop");
    assertThat(duration.unit()).isEqualTo("s");
    assertThat(duration.rest()).contains(" [1.0E-4, 3.0E-4, 0.001, ").contains(", 20.0] [");
    assertThat(values("grpc.client.call.started"))
        .anyMatch(value -> value.value() == 40 && value.labels().equals(method()));
    assertThat(values("jvm_memory_used_bytes")).anyMatch(value -> value.value() > 1_000_000);
    assertThat(values("mesh_agent_info")).allMatch(value -> value.value() == 1).isNotEmpty();
    await("its own count")
        .atMost(Duration.ofSeconds(30))
        .until(() -> client.metrics().sum("mesh_otlp_metrics_exported_total") > 0);
    assertThat(client.metrics().sum("mesh_otlp_metrics_dropped_total"))
        .as(() -> client.described("metrics"))
        .isZero();
    assertThat(client.metrics().sum("mesh_agent_failures_total")).isZero();
  }

  private static String method() {
    return "{grpc.method=helloworld.Greeter/SayHello}";
  }

  @Thorough
  @Test
  void the_last_come_when_the_program_ends() {
    clientWith("10m");
    await("what there was after some seconds")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(values("mesh_agent_info")).isNotEmpty());
    assertThat(client.load("calls n=2").ok()).isEqualTo(2);

    client.terminate();

    await("what there was at the end")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(durations()).anyMatch(value -> value.value() == 42));
  }

  @Thorough
  @Test
  void a_collector_that_is_away_costs_no_call_and_is_counted() {
    collector.close();
    clientWith("1s");

    await("what was not delivered is counted")
        .atMost(Duration.ofSeconds(30))
        .until(() -> client.metrics().sum("mesh_otlp_metrics_dropped_total") > 0);
    assertThat(client.load("calls n=200").ok()).isEqualTo(200);
    assertThat(client.metrics().sum("mesh_otlp_metrics_exported_total")).isZero();
    assertThat(client.stderr())
        .filteredOn(line -> line.contains("takes no metrics"))
        .as(() -> client.described("one line"))
        .hasSize(1);
  }

  @Thorough
  @Test
  void off_is_off() {
    clientWith("off");
    client.terminate();
    assertThat(client.awaitExit()).isEqualTo(143);
    assertThat(collector.values()).isEmpty();
  }
}
