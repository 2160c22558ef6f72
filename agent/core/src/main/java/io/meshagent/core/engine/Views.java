package io.meshagent.core.engine;

import io.meshagent.core.directory.DirectoryView;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.telemetry.metrics.JvmMetrics;
import io.meshagent.core.telemetry.metrics.MeshMetrics;
import io.meshagent.core.telemetry.metrics.Metrics;
import io.meshagent.core.telemetry.metrics.OtlpMetrics;
import io.meshagent.core.telemetry.trace.Tracing;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Registers the metrics that are read from the parts whenever a page is written. Stateless. */
final class Views {

  private Views() {}

  /**
   * All of them. To be called once.
   *
   * @param status of the registry
   * @param draining entries that are announced as leaving
   */
  static void register(Parts parts, Supplier<Registry.Status> status, IntSupplier draining) {
    Metrics metrics = parts.metrics;
    DirectoryView known = parts.directory.view();
    Tracing tracing = parts.tracing;
    OtlpMetrics sent = parts.sentMetrics;
    new MeshMetrics(metrics)
        .registry(status)
        .draining(draining)
        .directory(known::services, known::instances)
        .protection(known::isHealthy, known::held, known::stale)
        .directoryUpdates(known::updates)
        .forbidden(known::forbidden)
        .tracing(tracing::spansExported, tracing::spansDropped)
        .sentMetrics(
            () -> sent == null ? 0 : sent.exported(), () -> sent == null ? 0 : sent.dropped())
        .logs(Log::dropped, parts.accessLog::dropped, parts.accessLog::written);
    parts.plans.policies().show(parts.telemetry);
    new JvmMetrics(metrics).add();
  }
}
