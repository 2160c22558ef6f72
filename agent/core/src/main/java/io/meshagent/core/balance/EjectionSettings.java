package io.meshagent.core.balance;

import io.meshagent.core.api.Code;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** When an instance is ejected, and how many at most. Immutable. */
public final class EjectionSettings {

  /** How often in a row and in what share; of how many one may judge by their share. */
  public static final EjectionSettings DEFAULT = new EjectionSettings(7, 80, 50);

  /** What the share of successes is taken of: the last 10 s, at least 5 attempts. */
  static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  static final int FEWEST = 5;

  static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
  static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final int failures;
  private final int successRate;
  private final int maxShare;

  /** Null unless each instance has a circuit, which takes the place of the numbers above. */
  private final CircuitSettings circuit;

  /**
   * @param failures in a row; go-zero and Linkerd take 5 to 10, Finagle's failure accrual 5
   * @param successRate percent of attempts, below which it is ejected
   * @param maxShare percent of the instances that may be ejected at once; one of two or more may
   *     always be
   */
  public EjectionSettings(int failures, int successRate, int maxShare) {
    this.failures = failures;
    this.successRate = successRate;
    this.maxShare = maxShare;
    this.circuit = null;
  }

  private EjectionSettings(CircuitSettings circuit) {
    this.failures = Integer.MAX_VALUE;
    this.successRate = 0;
    this.maxShare = 100;
    this.circuit = circuit;
  }

  /**
   * An instance is left out while its circuit is open, though it be all of them: then calls are
   * refused.
   */
  public static EjectionSettings of(CircuitSettings circuit) {
    return new EjectionSettings(circuit);
  }

  boolean isByCircuits() {
    return circuit != null;
  }

  /** How far back attempts count. */
  long windowNanos() {
    return circuit == null ? WINDOW_NANOS : circuit.windowNanos();
  }

  /** Whether an answer that took so long counts against the instance. */
  boolean isSlow(long nanos) {
    return circuit != null && circuit.isSlow(nanos);
  }

  /** How many probes have to succeed before it is back. */
  int probes() {
    return circuit == null ? 1 : circuit.probes();
  }

  /**
   * For how long it is left out, without jitter.
   *
   * @param beforeNanos how long it was the last time; 0 if that is too long ago to count
   */
  long pauseNanos(long beforeNanos) {
    if (circuit != null) {
      return circuit.openForNanos();
    }
    return beforeNanos == 0 ? FIRST_NANOS : Math.min(2 * beforeNanos, LONGEST_NANOS);
  }

  /**
   * Why the instance should be left out, for people.
   *
   * @param inRow failures since the last success
   * @param codes how those ended
   * @param slow how many of the window were slow, be they good or bad
   * @return null if it should not
   */
  String why(int inRow, Set<Code> codes, int good, int bad, int slow) {
    if (circuit != null) {
      return circuit.why(codes, good, bad, slow);
    }
    if (inRow >= failures) {
      return inRow + " failures in a row: " + EjectionRecord.names(codes);
    }
    int all = good + bad;
    int rate = all == 0 ? 100 : 100 * good / all;
    return all >= FEWEST && rate < successRate ? rate + " % of " + all + " calls succeeded" : null;
  }

  /** How many of so many instances may be ejected. */
  int most(int instances) {
    if (circuit != null) {
      return instances;
    }
    return instances < 2 ? 0 : Math.max(1, instances * maxShare / 100);
  }
}
