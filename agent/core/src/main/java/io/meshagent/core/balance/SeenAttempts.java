package io.meshagent.core.balance;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Statistics;

/**
 * The attempts of one service on one instance: they count for what is known of the instance, and
 * for its ejection from the service. Thread-safe.
 */
final class SeenAttempts implements Statistics {

  private final InstanceStatistics instance;
  private final EjectionRecord record;

  /** Told of each success and failure with the time. */
  private final Ejection ejection;

  SeenAttempts(InstanceStatistics instance, EjectionRecord record, Ejection ejection) {
    this.instance = instance;
    this.record = record;
    this.ejection = ejection;
  }

  InstanceStatistics instance() {
    return instance;
  }

  EjectionRecord record() {
    return record;
  }

  @Override
  public void begin() {
    instance.began();
  }

  @Override
  public void answered(long tookNanos, long nowNanos) {
    instance.answered(tookNanos, nowNanos);
    ejection.answered(record, tookNanos, nowNanos);
  }

  @Override
  public void end(Code code, boolean sent, boolean hasAnswered, long tookNanos, long nowNanos) {
    instance.ended();
    if (!sent || code == Code.CANCELLED) {
      // Nothing came there, or the caller has lost interest: that says nothing of the instance.
      ejection.toldNothing(record, nowNanos);
      return;
    }
    switch (code) {
      case UNAVAILABLE:
      case DEADLINE_EXCEEDED:
      case DATA_LOSS:
        if (!hasAnswered && !isTooEarly(code, tookNanos, nowNanos)) {
          instance.failed(tookNanos, nowNanos);
          ejection.failed(record, code, nowNanos);
        } else {
          ejection.toldNothing(record, nowNanos);
        }
        break;
      case RESOURCE_EXHAUSTED:
        instance.refusedForLoad(tookNanos, nowNanos);
        ejection.refusedForLoad(record, nowNanos);
        break;
      default:
        if (!hasAnswered) {
          answered(tookNanos, nowNanos);
        }
        if (ejection.succeeded(record, nowNanos)) {
          instance.forgiven();
        }
    }
  }

  /** Whether the caller gave it less time than the instance takes for its answers. */
  private boolean isTooEarly(Code code, long tookNanos, long nowNanos) {
    return code == Code.DEADLINE_EXCEEDED && tookNanos < instance.latencyAt(nowNanos) / 2;
  }
}
