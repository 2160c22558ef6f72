package io.meshagent.core.telemetry.metrics;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.AttemptMeter;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;

/**
 * Measures the attempts of one method's calls. Called on gRPC's threads; neither blocks nor
 * allocates, but for the first attempt with a status, see {@link MetricsStage}. A series is there
 * from the first that it has something to say of.
 */
final class MethodAttempts implements AttemptMeter {

  private static final double SECONDS_PER_NANO = 1e-9;

  private final AttemptMetrics all;
  private final String method;

  /** Filled without a lock: whoever finds it empty puts the same object there. */
  private Counter.Child started;

  /** Likewise, by the code's ordinal. */
  private final Ended[] ended = new Ended[Code.values().length];

  MethodAttempts(AttemptMetrics all, String method) {
    this.all = all;
    this.method = method;
  }

  @Override
  public boolean measuresEach() {
    return all.each;
  }

  @Override
  public void began() {
    Counter.Child known = started;
    if (known == null) {
      known = all.started.labels(method);
      started = known;
    }
    known.inc();
  }

  @Override
  public void ended(Code code, long nanos, long sentBytes, long receivedBytes) {
    Ended known = ended[code.ordinal()];
    if (known == null) {
      known = new Ended(all, method, code.name());
      ended[code.ordinal()] = known;
    }
    known.duration.observe(nanos * SECONDS_PER_NANO);
    known.sent.observe((double) sentBytes);
    known.received.observe((double) receivedBytes);
  }

  @Override
  public void repeated(int retries, int transparent, int hedges) {
    observe(all.retries, retries);
    observe(all.transparent, transparent);
    observe(all.hedges, hedges);
  }

  private void observe(Histogram times, int some) {
    if (some > 0) {
      times.labels(method).observe(some);
    }
  }

  void removeSeries() {
    all.started.remove(method);
    for (Code code : Code.values()) {
      all.duration.remove(method, code.name());
      all.sent.remove(method, code.name());
      all.received.remove(method, code.name());
    }
    all.retries.remove(method);
    all.transparent.remove(method);
    all.hedges.remove(method);
  }

  /** What there is of one status; all fields are final, so that it may be handed on by a race. */
  private static final class Ended {
    private final Histogram.Child duration;
    private final Histogram.Child sent;
    private final Histogram.Child received;

    Ended(AttemptMetrics all, String method, String code) {
      duration = all.duration.labels(method, code);
      sent = all.sent.labels(method, code);
      received = all.received.labels(method, code);
    }
  }
}
