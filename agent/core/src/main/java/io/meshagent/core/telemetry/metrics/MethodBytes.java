package io.meshagent.core.telemetry.metrics;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.AttemptMeter;
import io.prometheus.client.Histogram;

/**
 * Adds up the bytes of one method's calls on a server. Called on gRPC's threads; neither blocks nor
 * allocates, but for the first call with a status, see {@link MetricsStage}.
 */
final class MethodBytes implements AttemptMeter {

  private final ServerBytes all;
  private final String method;

  /** Filled without a lock: whoever finds it empty puts the same object there; by code. */
  private final Histogram.Child[] sent = new Histogram.Child[Code.values().length];

  /** Likewise. */
  private final Histogram.Child[] received = new Histogram.Child[Code.values().length];

  MethodBytes(ServerBytes all, String method) {
    this.all = all;
    this.method = method;
  }

  @Override
  public boolean measuresEach() {
    return true;
  }

  @Override
  public void began() {}

  @Override
  public void ended(Code code, long nanos, long sentBytes, long receivedBytes) {
    child(sent, all.sent, code).observe((double) sentBytes);
    child(received, all.received, code).observe((double) receivedBytes);
  }

  private Histogram.Child child(Histogram.Child[] known, Histogram of, Code code) {
    Histogram.Child child = known[code.ordinal()];
    if (child == null) {
      child = of.labels(method, code.name());
      known[code.ordinal()] = child;
    }
    return child;
  }

  @Override
  public void repeated(int retries, int transparent, int hedges) {}

  void removeSeries() {
    for (Code code : Code.values()) {
      all.sent.remove(method, code.name());
      all.received.remove(method, code.name());
    }
  }
}
