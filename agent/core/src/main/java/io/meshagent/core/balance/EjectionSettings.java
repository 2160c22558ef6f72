package io.meshagent.core.balance;

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
  }

  int failures() {
    return failures;
  }

  int successRate() {
    return successRate;
  }

  /** How many of so many instances may be ejected. */
  int most(int instances) {
    return instances < 2 ? 0 : Math.max(1, instances * maxShare / 100);
  }
}
