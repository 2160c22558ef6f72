package io.meshagent.core.run;

import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try: full jitter, so that many programs that lost the same
 * server do not come back at the same moment. The first waits are short, because most trouble is a
 * restart. Confined to its owner's loop.
 */
public final class Backoff {

  private static final long SHORTEST_NANOS = 20_000_000L;
  private static final long FIRST_NANOS = 100_000_000L;
  private static final long BASE_NANOS = 500_000_000L;

  private final DoubleSupplier random;
  private int tries;

  /**
   * @param random from 0 (inclusive) to 1
   */
  public Backoff(DoubleSupplier random) {
    this.random = random;
  }

  /** The next wait: random, at most 0.1 s, then 0.5 s and twice as much each time up to the cap. */
  public long nextNanos(long capNanos) {
    long most = tries == 0 ? FIRST_NANOS : BASE_NANOS << Math.min(tries - 1, 20);
    tries++;
    most = Math.min(most, capNanos);
    return SHORTEST_NANOS + (long) (random.getAsDouble() * (most - SHORTEST_NANOS));
  }

  /** It worked: the next trouble begins with a short wait again. */
  public void reset() {
    tries = 0;
  }

  /** How many waits there were since the last {@link #reset}. */
  public int tries() {
    return tries;
  }
}
