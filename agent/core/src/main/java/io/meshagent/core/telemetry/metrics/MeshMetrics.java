package io.meshagent.core.telemetry.metrics;

import io.meshagent.core.registry.Registry;
import java.util.Collections;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The {@code mesh_…} metrics that are views of other parts' facts. The engine calls each method
 * once, at its start; the suppliers are asked whenever a page of metrics is written, on an admin
 * thread, and must not block.
 */
public final class MeshMetrics {

  private final Metrics metrics;

  public MeshMetrics(Metrics metrics) {
    this.metrics = metrics;
  }

  /** How the registry stands; a null status means that there is nothing to say yet. */
  public MeshMetrics registry(Supplier<Registry.Status> status) {
    new RegistryMetrics(metrics, status).add();
    return this;
  }

  /** How many entries are announced as leaving and not withdrawn yet. */
  public MeshMetrics draining(IntSupplier entries) {
    metrics.gauge(
        "mesh_registration_draining",
        "Entries of this program that are announced as leaving and not withdrawn yet.",
        Collections.emptyList(),
        samples -> samples.add(entries.getAsInt()));
    return this;
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

  /** What the directory goes on using though the registry does not name it now. */
  public MeshMetrics protection(BooleanSupplier healthy, IntSupplier held, IntSupplier stale) {
    metrics.gauge(
        "mesh_directory_healthy",
        "1 while the registry answers, 0 while it does not; nothing is removed then.",
        Collections.emptyList(),
        samples -> samples.add(healthy.getAsBoolean() ? 1 : 0));
    metrics.gauge(
        "mesh_directory_held",
        "Entries that vanished from the registry and whose removal waits; they get calls.",
        Collections.emptyList(),
        samples -> samples.add(held.getAsInt()));
    metrics.gauge(
        "mesh_directory_stale",
        "Entries that come from the disk because the registry did not answer; they get calls.",
        Collections.emptyList(),
        samples -> samples.add(stale.getAsInt()));
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

  /** How many entries are not used for the sake of their address. */
  public MeshMetrics forbidden(IntSupplier entries) {
    metrics.gauge(
        "mesh_directory_entries_forbidden",
        "Entries of the registry with an address that discover.allow-addresses does not allow.",
        Collections.emptyList(),
        samples -> samples.add(entries.getAsInt()));
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

  /** What became of values that were sent to the collector. */
  public MeshMetrics sentMetrics(LongSupplier exported, LongSupplier dropped) {
    metrics.counter(
        "mesh_otlp_metrics_exported_total",
        "Values of metrics that the collector has taken (metrics.otlp).",
        Collections.emptyList(),
        samples -> samples.add((double) exported.getAsLong()));
    metrics.counter(
        "mesh_otlp_metrics_dropped_total",
        "Values of metrics that the collector has not taken; later ones say the same and more.",
        Collections.emptyList(),
        samples -> samples.add((double) dropped.getAsLong()));
    return this;
  }

  /** What became of lines: of the agent's own log, and of calls. */
  public MeshMetrics logs(LongSupplier dropped, LongSupplier accessDropped, LongSupplier access) {
    metrics.counter(
        "mesh_log_lines_dropped_total",
        "Lines that found no room in a queue or could not be written, of the agent's log and of"
            + " access-log.",
        Collections.singletonList("log"),
        samples -> {
          samples.add((double) dropped.getAsLong(), "agent");
          samples.add((double) accessDropped.getAsLong(), "access");
        });
    metrics.counter(
        "mesh_access_log_lines_total",
        "Lines of calls that were written (access-log).",
        Collections.emptyList(),
        samples -> samples.add((double) access.getAsLong()));
    return this;
  }
}
