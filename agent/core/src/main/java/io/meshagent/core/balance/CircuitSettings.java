package io.meshagent.core.balance;

import io.meshagent.core.api.Code;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * When the circuit of an instance opens and closes: what a breaker's settings say where each
 * instance has a circuit of its own. Immutable.
 */
public final class CircuitSettings {

  private final int failureRate;
  private final int minimumCalls;
  private final long windowNanos;
  private final long openForNanos;
  private final int probes;
  private final long slowNanos;
  private final int slowRate;

  /**
   * One that no call is too slow for.
   *
   * @param failureRate percent of attempts, from which on it opens
   * @param minimumCalls in the window, below which it never opens
   * @param openForNanos until it lets probes through
   * @param probes how many have to succeed, one after the other, for it to close
   */
  public CircuitSettings(
      int failureRate, int minimumCalls, long windowNanos, long openForNanos, int probes) {
    this(failureRate, minimumCalls, windowNanos, openForNanos, probes, 0, 100);
  }

  private CircuitSettings(
      int failureRate,
      int minimumCalls,
      long windowNanos,
      long openForNanos,
      int probes,
      long slowNanos,
      int slowRate) {
    this.failureRate = failureRate;
    this.minimumCalls = minimumCalls;
    this.windowNanos = windowNanos;
    this.openForNanos = openForNanos;
    this.probes = probes;
    this.slowNanos = slowNanos;
    this.slowRate = slowRate;
  }

  /**
   * The same, which opens for slow answers, too.
   *
   * @param nanos beyond which an answer is slow; 0 for none
   * @param percent of attempts, from which on it opens
   */
  public CircuitSettings withSlow(long nanos, int percent) {
    return new CircuitSettings(
        failureRate, minimumCalls, windowNanos, openForNanos, probes, nanos, percent);
  }

  long windowNanos() {
    return windowNanos;
  }

  long openForNanos() {
    return openForNanos;
  }

  int probes() {
    return probes;
  }

  boolean isSlow(long nanos) {
    return slowNanos > 0 && nanos > slowNanos;
  }

  /** Why it opens, for people; null if it does not. */
  String why(Set<Code> codes, int good, int bad, int slow) {
    int all = good + bad;
    if (all >= minimumCalls && bad * 100L >= (long) failureRate * all) {
      return bad + " of " + all + " calls failed: " + EjectionRecord.names(codes);
    }
    // Of those that have not ended some were slow already.
    int known = Math.max(all, slow);
    return slow > 0 && known >= minimumCalls && slow * 100L >= (long) slowRate * known
        ? slow
            + " of "
            + known
            + " calls took longer than "
            + TimeUnit.NANOSECONDS.toMillis(slowNanos)
            + " ms"
        : null;
  }
}
