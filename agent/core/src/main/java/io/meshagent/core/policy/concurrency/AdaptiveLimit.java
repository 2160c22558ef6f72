package io.meshagent.core.policy.concurrency;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * A limit that is found out: what calls tell in the course of a tenth of a second, and what a
 * {@link Gradient} makes of it. Thread-safe without locks: of calls that end while a window is
 * closed some may be counted in the next one.
 */
final class AdaptiveLimit {

  /** Envoy's adaptive concurrency filter looks as often; windows with few calls last longer. */
  private static final long SHORTEST_WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Whoever waits for longer has to live with what is known by then. */
  private static final long LONGEST_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int FEWEST_CALLS = 10;

  private final LongAdder nanos = new LongAdder();
  private final LongAdder calls = new LongAdder();
  private final AtomicBoolean closing = new AtomicBoolean();

  /** Only whoever closes a window touches it. */
  private final Gradient gradient = new Gradient();

  /** What calls took before the limit was halved. Only whoever closes a window touches it. */
  private long beforeNanos;

  /** Volatile, as are the next: written by who closes a window, read by all calls. */
  private volatile int most = gradient.most();

  /**
   * At least as long as calls take, as TCP has one step a round trip: what a step leads to is not
   * seen sooner.
   */
  private volatile long windowNanos = SHORTEST_WINDOW_NANOS;

  private volatile boolean begun;
  private volatile long sinceNanos;

  /** What began before tells of another limit than the one that is being looked at. */
  private volatile long countsFromNanos;

  /** Volatile, as is the next: written by calls; one of two that come together may be lost. */
  private volatile int mostTaken;

  private volatile boolean reached;

  int most() {
    return most;
  }

  /** A call was let in, the so many-th of those that are under way. */
  void began(int taken) {
    if (taken > mostTaken) {
      mostTaken = taken;
    }
  }

  /** A call was not let in. */
  void reached() {
    if (!reached) {
      reached = true;
    }
  }

  void ended(long takenNanos, long nowNanos) {
    if (!begun) {
      sinceNanos = nowNanos;
      countsFromNanos = takenNanos;
      begun = true;
    }
    if (takenNanos - countsFromNanos < 0) {
      return;
    }
    nanos.add(nowNanos - takenNanos);
    calls.increment();
    if (nowNanos - sinceNanos >= windowNanos && closing.compareAndSet(false, true)) {
      try {
        close(nowNanos);
      } finally {
        closing.set(false);
      }
    }
  }

  private void close(long nowNanos) {
    if (nowNanos - sinceNanos < windowNanos || calls.sum() < FEWEST_CALLS) {
      return;
    }
    long count = calls.sumThenReset();
    double mean = (double) nanos.sumThenReset() / count;
    boolean probing = gradient.isProbing();
    gradient.window(mean, mostTaken, reached, nowNanos);
    if (gradient.isProbing() && !probing) {
      countsFromNanos = nowNanos;
      beforeNanos = (long) mean;
    } else if (probing) {
      // The queue that the limit allows has to be there again.
      countsFromNanos = nowNanos + beforeNanos;
    }
    windowNanos = Math.max(SHORTEST_WINDOW_NANOS, Math.min(LONGEST_WINDOW_NANOS, (long) mean));
    mostTaken = 0;
    reached = false;
    sinceNanos = nowNanos;
    most = gradient.most();
  }
}
