package io.meshagent.core.check;

import java.util.concurrent.TimeUnit;

/** By when all looks have to be over. Immutable. */
final class TimeLimit {

  private final long began = System.nanoTime();
  private final long nanos;

  TimeLimit(int millis) {
    this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** How long one step may wait: as long as it likes, but not beyond the end; at least 1. */
  int millis(int wanted) {
    return Math.min(wanted, leftMillis());
  }

  /** How long a step may wait that has no reason to end sooner; at least 1. */
  int leftMillis() {
    long left = TimeUnit.NANOSECONDS.toMillis(began + nanos - System.nanoTime());
    return (int) Math.max(1, left);
  }

  long tookMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }
}
