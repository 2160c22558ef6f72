package io.meshagent.grpc.reroute;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Statistics;

/** Counts what it hears of attempts. */
final class CountedAttempts implements Statistics {

  private int started;
  private int inFlight;
  private int failed;
  private long waitedNanos;

  @Override
  public synchronized void begin() {
    started++;
    inFlight++;
  }

  @Override
  public synchronized void answered(long tookNanos, long nowNanos) {
    waitedNanos += tookNanos;
  }

  @Override
  public synchronized void end(
      Code code, boolean sent, boolean hasAnswered, long tookNanos, long nowNanos) {
    inFlight--;
    failed += sent && code == Code.UNAVAILABLE ? 1 : 0;
  }

  synchronized int started() {
    return started;
  }

  synchronized int inFlight() {
    return inFlight;
  }

  synchronized int failed() {
    return failed;
  }

  synchronized long waitedNanos() {
    return waitedNanos;
  }
}
