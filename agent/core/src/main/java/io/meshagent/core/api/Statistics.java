package io.meshagent.core.api;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What this JVM has seen of one instance: the material that balancing and ejection judge by. One
 * per instance, shared by channels, and made only where a {@link Balancer} reads it. Thread-safe,
 * no locks.
 */
public final class Statistics {

  private final AtomicInteger inFlight = new AtomicInteger();
  private final LongAdder started = new LongAdder();
  private final LongAdder failed = new LongAdder();

  /** Nanoseconds from the begin to the first sign of life, and of how many attempts. */
  private final LongAdder waitedNanos = new LongAdder();

  private final LongAdder answered = new LongAdder();

  /** A stream to the instance was opened. */
  public void begin() {
    inFlight.incrementAndGet();
    started.increment();
  }

  /**
   * The instance has begun to answer.
   *
   * @param nanos since the begin
   */
  public void answered(long nanos) {
    answered.increment();
    waitedNanos.add(nanos);
  }

  /**
   * A stream that {@link #begin} announced has ended.
   *
   * @param sent whether anything of it left this JVM; else its end says nothing of the instance
   */
  public void end(Code code, boolean sent) {
    inFlight.decrementAndGet();
    if (sent
        && (code == Code.UNAVAILABLE || code == Code.DEADLINE_EXCEEDED || code == Code.DATA_LOSS)) {
      failed.increment();
    }
  }

  /** Streams that are open now. */
  public int inFlight() {
    return inFlight.get();
  }

  public long started() {
    return started.sum();
  }

  /** Attempts that ended in a way that speaks against the instance. */
  public long failed() {
    return failed.sum();
  }

  /** Attempts that it has begun to answer. */
  public long answered() {
    return answered.sum();
  }

  /** How long all of those waited for that, together. */
  public long waitedNanos() {
    return waitedNanos.sum();
  }
}
