package io.meshagent.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.registry.Registry;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MeshMetricsTest {

  private final Metrics metrics = new Metrics("1");

  @Test
  void shows_one_for_the_state_that_a_breaker_is_in() throws IOException {
    new MeshMetrics(metrics).breakers(() -> Map.of("a.B/C", "HALF-OPEN"));

    assertThat(page())
        .contains(
            "mesh_breaker_state{grpc_method=\"a.B/C\",state=\"closed\",} 0.0",
            "mesh_breaker_state{grpc_method=\"a.B/C\",state=\"open\",} 0.0",
            "mesh_breaker_state{grpc_method=\"a.B/C\",state=\"half_open\",} 1.0");
  }

  @Test
  void shows_the_registry() throws IOException {
    new MeshMetrics(metrics).registry(() -> new Registry.Status("ALIVE", 3, 2, 4, 5));

    assertThat(page())
        .contains(
            "mesh_registration_state{state=\"ALIVE\",} 1.0",
            "mesh_registration_desired 3.0",
            "mesh_registration_registered 2.0",
            "mesh_registration_lease_losses_total 4.0",
            "mesh_directory_entries_skipped_total 5.0");
  }

  @Test
  void says_nothing_of_a_registry_that_is_not_there_yet() throws IOException {
    new MeshMetrics(metrics).registry(() -> null);

    assertThat(page())
        .noneMatch(line -> line.startsWith("mesh_registration"))
        .noneMatch(line -> line.startsWith("mesh_agent_failures_total{"));
  }

  @Test
  void shows_directory_and_tracing() throws IOException {
    new MeshMetrics(metrics)
        .directory(() -> 2, () -> 9)
        .protection(() -> true, () -> 3, () -> 4)
        .tracing(() -> 100, () -> 1);

    assertThat(page())
        .contains(
            "mesh_directory_services 2.0",
            "mesh_directory_instances 9.0",
            "mesh_directory_healthy 1.0",
            "mesh_directory_held 3.0",
            "mesh_directory_stale 4.0",
            "mesh_tracing_spans_exported_total 100.0",
            "mesh_tracing_spans_dropped_total 1.0");
  }

  private List<String> page() throws IOException {
    StringWriter text = new StringWriter();
    metrics.write(text);
    return text.toString().lines().collect(Collectors.toList());
  }
}
