package io.meshagent.core.engine;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.Observers;
import io.meshagent.core.policy.base.PolicyMetrics;
import io.meshagent.core.telemetry.access.AccessLog;
import io.meshagent.core.telemetry.metrics.Metrics;
import io.meshagent.core.telemetry.trace.Tracing;
import java.util.List;
import java.util.function.Consumer;

/** What observes calls, in the words of pipelines and policies. */
final class Telemetry implements Observers, PolicyMetrics {

  private final Metrics metrics;
  private final Tracing tracing;
  private final AccessLog accessLog;

  Telemetry(Metrics metrics, Tracing tracing, AccessLog accessLog) {
    this.metrics = metrics;
    this.tracing = tracing;
    this.accessLog = accessLog;
  }

  @Override
  public Stage metrics(Side side, String method) {
    return metrics.stage(side, method);
  }

  @Override
  public Stage metricsOfOthers(Side side) {
    return metrics.stageOfOthers(side);
  }

  @Override
  public Stage accessLog(Side side, String method, Settings settings) {
    return accessLog.stage(side, method, settings);
  }

  @Override
  public void letGo(Side side, String method) {
    metrics.letGo(side, method);
  }

  @Override
  public Stage trace(Side side, String method) {
    return tracing.stage(side, method);
  }

  @Override
  public void gauge(String name, String help, List<String> labelNames, Consumer<Values> source) {
    metrics.gauge(name, help, labelNames, samples -> source.accept(samples::add));
  }

  @Override
  public void counter(String name, String help, List<String> labelNames, Consumer<Values> source) {
    metrics.counter(name, help, labelNames, samples -> source.accept(samples::add));
  }
}
