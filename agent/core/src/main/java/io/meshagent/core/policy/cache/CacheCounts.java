package io.meshagent.core.policy.cache;

import java.util.concurrent.TimeUnit;
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

  /** Until it is known how long a call takes: for a service that is asked for the first time. */
  private static final long UNKNOWN_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** So many times what calls take usually are not usual. */
  private static final int PATIENCE = 4;

  /** How much of what is usual one call makes up, as a divisor. */
  private static final int SHARE = 8;

  /** Volatile: of two calls that end at once one may not count. 0 before the first. */
  private volatile long usualNanos;

  private final LongAdder[] counts = new LongAdder[Result.values().length];

  CacheCounts() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  void add(Result result) {
    counts[result.ordinal()].increment();
  }

  /** A call has got an answer that others may have as well. */
  void answered(long tookNanos) {
    long before = usualNanos;
    usualNanos = before == 0 ? Math.max(1, tookNanos) : before + (tookNanos - before) / SHARE;
  }

  /** How long others wait for the answer to a call before one more of them asks. */
  long patienceNanos() {
    long usual = usualNanos;
    return usual == 0
        ? UNKNOWN_NANOS
        : Math.max(LEAST_NANOS, Math.min(UNKNOWN_NANOS, PATIENCE * usual));
  }

  long of(Result result) {
    return counts[result.ordinal()].sum();
  }
}
