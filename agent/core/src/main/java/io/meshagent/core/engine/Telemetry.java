package io.meshagent.core.engine;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.policy.Observers;
import io.meshagent.core.telemetry.metrics.Metrics;
import io.meshagent.core.telemetry.trace.Tracing;

/** What observes calls, in the words of the pipelines. */
final class Telemetry implements Observers {

  private final Metrics metrics;
  private final Tracing tracing;

  Telemetry(Metrics metrics, Tracing tracing) {
    this.metrics = metrics;
    this.tracing = tracing;
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
  public void letGo(Side side, String method) {
    metrics.letGo(side, method);
  }

  @Override
  public Stage trace(Side side, String method) {
    return tracing.stage(side, method);
  }
}
