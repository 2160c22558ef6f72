package io.meshagent.core.telemetry;

import io.meshagent.core.registry.Registry;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The {@code mesh_…} metrics that are views of other parts' facts. The engine calls each method
 * once, at its start; the suppliers are asked whenever a page of metrics is written, on an admin
 * thread, and must not block.
 */
public final class MeshMetrics {

  private static final List<String> BREAKER_STATES = Arrays.asList("closed", "open", "half_open");

  private final Metrics metrics;

  public MeshMetrics(Metrics metrics) {
    this.metrics = metrics;
  }

  /**
   * How the circuit breakers stand.
   *
   * @param states the state of every breaker by its method: {@code closed}, {@code open} or {@code
   *     half_open}, in any case, with dash or underscore
   */
  public MeshMetrics breakers(Supplier<Map<String, String>> states) {
    metrics.gauge(
        "mesh_breaker_state",
        "1 for the state that a method's circuit breaker is in, 0 for the others.",
        Arrays.asList("grpc_method", "state"),
        samples -> states.get().forEach((method, state) -> breaker(samples, method, state)));
    return this;
  }

  private static void breaker(Samples samples, String method, String state) {
    String present = state.toLowerCase(Locale.ROOT).replace('-', '_');
    for (String candidate : BREAKER_STATES) {
      samples.add(candidate.equals(present) ? 1 : 0, method, candidate);
    }
  }

  /** How the registry stands; a null status means that there is nothing to say yet. */
  public MeshMetrics registry(Supplier<Registry.Status> status) {
    metrics.gauge(
        "mesh_registration_state",
        "1, with the state that this program's registration is in.",
        Collections.singletonList("state"),
        samples -> with(status, now -> samples.add(1, now.state())));
    metrics.gauge(
        "mesh_registration_desired",
        "Entries that should be in the registry for this program.",
        Collections.emptyList(),
        samples -> with(status, now -> samples.add(now.desired())));
    metrics.gauge(
        "mesh_registration_registered",
        "Entries that are in the registry for this program, as far as it knows.",
        Collections.emptyList(),
        samples -> with(status, now -> samples.add(now.registered())));
    metrics.counter(
        "mesh_registration_lease_losses_total",
        "Leases that were lost, each followed by a new registration.",
        Collections.emptyList(),
        samples -> with(status, now -> samples.add((double) now.leasesLost())));
    metrics.counter(
        "mesh_directory_entries_skipped_total",
        "Entries in the registry that could not be read as an instance.",
        Collections.emptyList(),
        samples -> with(status, now -> samples.add((double) now.entriesSkipped())));
    return this;
  }

  private static void with(Supplier<Registry.Status> status, Consumer<Registry.Status> whatToSay) {
    Registry.Status now = status.get();
    if (now != null) {
      whatToSay.accept(now);
    }
  }

  /** How much the directory knows. */
  public MeshMetrics directory(IntSupplier services, IntSupplier instances) {
    metrics.gauge(
        "mesh_directory_services",
        "Services that the directory knows.",
        Collections.emptyList(),
        samples -> samples.add(services.getAsInt()));
    metrics.gauge(
        "mesh_directory_instances",
        "Instances of all services that the directory knows.",
        Collections.emptyList(),
        samples -> samples.add(instances.getAsInt()));
    return this;
  }

  /** How often it was told something: much less often than entries change when many do. */
  public MeshMetrics directoryUpdates(LongSupplier updates) {
    metrics.counter(
        "mesh_directory_updates_total",
        "Times that the directory was told of a list or of changes, of several at once.",
        Collections.emptyList(),
        samples -> samples.add((double) updates.getAsLong()));
    return this;
  }

  /** What became of the spans. */
  public MeshMetrics tracing(LongSupplier exported, LongSupplier dropped) {
    metrics.counter(
        "mesh_tracing_spans_exported_total",
        "Spans that the collector has taken.",
        Collections.emptyList(),
        samples -> samples.add((double) exported.getAsLong()));
    metrics.counter(
        "mesh_tracing_spans_dropped_total",
        "Spans that could not be queued or that the collector has not taken.",
        Collections.emptyList(),
        samples -> samples.add((double) dropped.getAsLong()));
    return this;
  }
}
