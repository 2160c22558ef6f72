package io.meshagent.core.policy.cache;

import java.util.concurrent.atomic.LongAdder;

/** What became of the calls of a method. Thread-safe. */
final class CacheCounts {

  enum Result {
    /** Answered by what was kept. */
    HIT,
    /** Sent, because nothing was kept that was good enough. */
    MISS,
    /** Answered by what another call was told, for which it had waited. */
    SHARED,
    /** Answered by what was kept though its time was over, because the call failed. */
    STALE,
    /** Sent without a look: it had credentials, say, or its request could not be read. */
    BYPASSED
  }

  private final LongAdder[] counts = new LongAdder[Result.values().length];

  CacheCounts() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  void add(Result result) {
    counts[result.ordinal()].increment();
  }

  long of(Result result) {
    return counts[result.ordinal()].sum();
  }
}
