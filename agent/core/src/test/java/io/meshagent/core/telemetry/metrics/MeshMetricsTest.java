package io.meshagent.core.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.FeedStatus;
import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.RegistrationStatus;
import io.meshagent.core.registry.RegistrationStatus.Request;
import io.meshagent.core.registry.Registry;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MeshMetricsTest {

  private static final RegistrationStatus NO_REGISTRATION =
      new RegistrationStatus(RegistrationState.IDLE, 0, 0);
  private static final FeedStatus NO_FEED =
      new FeedStatus(FeedState.NEW, OptionalDouble.empty(), FeedStatus.Counts.NONE);

  private final Metrics metrics = new Metrics("1");

  @Test
  void shows_the_registration() throws IOException {
    RegistrationStatus own =
        new RegistrationStatus(
            RegistrationState.ALIVE,
            3,
            2,
            4,
            Map.of(Request.PUT, Map.of("ok", 7L, "in_the_way", 1L)),
            OptionalDouble.of(1.5));
    new MeshMetrics(metrics).registry(() -> new Registry.Status(own, NO_FEED));

    assertThat(page())
        .contains(
            "mesh_registration_state{state=\"ALIVE\",} 1.0",
            "mesh_registration_state{state=\"LOST\",} 0.0",
            "mesh_registration_desired 3.0",
            "mesh_registration_registered 2.0",
            "mesh_registration_lease_losses_total 4.0",
            "mesh_registration_attempts_total{request=\"put\",outcome=\"ok\",} 7.0",
            "mesh_registration_attempts_total{request=\"put\",outcome=\"in_the_way\",} 1.0",
            "mesh_registration_renewal_age_seconds 1.5");
  }

  @Test
  void shows_how_the_directory_is_followed() throws IOException {
    FeedStatus feed =
        new FeedStatus(FeedState.WATCH, OptionalDouble.of(0.25), new FeedStatus.Counts(3, 3, 2, 5));
    new MeshMetrics(metrics).registry(() -> new Registry.Status(NO_REGISTRATION, feed));

    assertThat(page())
        .contains(
            "mesh_directory_feed_state{state=\"WATCH\",} 1.0",
            "mesh_directory_feed_state{state=\"BROKEN\",} 0.0",
            "mesh_directory_heard_age_seconds 0.25",
            "mesh_directory_relists_total 3.0",
            "mesh_directory_watch_rebuilds_total 3.0",
            "mesh_directory_compactions_total 2.0",
            "mesh_directory_entries_skipped_total 5.0");
  }

  @Test
  void an_age_of_what_never_happened_is_not_shown() throws IOException {
    new MeshMetrics(metrics).registry(() -> new Registry.Status(NO_REGISTRATION, NO_FEED));

    assertThat(page())
        .noneMatch(line -> line.startsWith("mesh_registration_renewal_age_seconds"))
        .noneMatch(line -> line.startsWith("mesh_directory_heard_age_seconds"));
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
