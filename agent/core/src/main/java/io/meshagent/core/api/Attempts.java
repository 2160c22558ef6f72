package io.meshagent.core.api;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one channel has seen of one instance: the material that balancing and ejection judge by. One
 * per channel and instance; thread-safe, no locks.
 */
public final class Attempts {

  private final Instance instance;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final LongAdder started = new LongAdder();
  private final LongAdder failed = new LongAdder();

  public Attempts(Instance instance) {
    this.instance = instance;
  }

  public Instance instance() {
    return instance;
  }

  /** A stream to the instance was opened. */
  public void begin() {
    inFlight.incrementAndGet();
    started.increment();
  }

  /**
   * A stream that {@link #begin} announced has ended.
   *
   * @param nanos from begin to end
   */
  public void end(Code code, long nanos) {
    inFlight.decrementAndGet();
    if (code == Code.UNAVAILABLE || code == Code.DEADLINE_EXCEEDED || code == Code.DATA_LOSS) {
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
}
