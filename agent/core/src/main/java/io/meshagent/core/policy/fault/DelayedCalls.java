package io.meshagent.core.policy.fault;

import java.util.concurrent.atomic.AtomicInteger;

/** How many calls of this JVM are delayed at this moment, which is bounded. Thread-safe. */
final class DelayedCalls {

  /** A delay is an experiment, and no reason for a program to run out of memory. */
  static final int MOST = 1_000;

  private final AtomicInteger count = new AtomicInteger();

  boolean tryAdd() {
    int now = count.get();
    while (now < MOST) {
      if (count.compareAndSet(now, now + 1)) {
        return true;
      }
      now = count.get();
    }
    return false;
  }

  void remove() {
    count.decrementAndGet();
  }

  int count() {
    return count.get();
  }
}
