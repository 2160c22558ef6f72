package io.meshagent.core.policy.retry;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many retries and hedges may follow the calls of the last ten seconds. Each call brings a part
 * of one, each second brings some, and what nobody took within ten seconds is lost, so that an hour
 * without a failure does not pay for a storm: the windows of Finagle's RetryBudget. Calls only
 * count; its lock is taken by who wants to repeat, and once a second. Thread-safe.
 */
final class RetryBudget {

  private static final int WINDOWS = 10;
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** All is counted in thousandths, so that a percent of a call is a whole number. */
  private static final long ONE = 1_000;

  private final BudgetSize size;

  /** Calls of this window that are not in the balance yet. */
  private final LongAdder fresh = new LongAdder();

  /** Guarded by this: what each window has brought, less what was taken in it. */
  private final long[] windows = new long[WINDOWS];

  /** Guarded by this. */
  private int current;

  /** Guarded by this: the sum of the windows. Below 0 while hedges have taken too much. */
  private long balance;

  /** When the next window begins. Volatile: read by each call, set with the lock held. */
  private volatile long nextNanos;

  /**
   * With one second's worth.
   *
   * @param now in terms of the clock of calls
   */
  RetryBudget(BudgetSize size, long now) {
    this.size = size;
    this.nextNanos = now + WINDOW_NANOS;
    add(size.perSecond() * ONE);
  }

  BudgetSize size() {
    return size;
  }

  /** A call begins. */
  void called(long now) {
    if (now - nextNanos >= 0) {
      roll(now);
    }
    fresh.increment();
  }

  /** Takes one if there is one. */
  synchronized boolean tryTake(long now) {
    boolean has = hasOne(now);
    if (has) {
      add(-ONE);
    }
    return has;
  }

  synchronized boolean hasOne(long now) {
    return balance(now) >= ONE;
  }

  /** Takes one that there may not be: others will have to do without. */
  synchronized void take(long now) {
    roll(now);
    add(-ONE);
  }

  /** How many are left, for people. */
  synchronized double left(long now) {
    return Math.max(0, balance(now)) / (double) ONE;
  }

  private long balance(long now) {
    roll(now);
    return balance;
  }

  private synchronized void roll(long now) {
    add(fresh.sumThenReset() * size.percent() * ONE / 100);
    long late = now - nextNanos;
    if (late < 0) {
      return;
    }
    long steps = late / WINDOW_NANOS + 1;
    for (long i = Math.min(steps, WINDOWS); i > 0; i--) {
      current = (current + 1) % WINDOWS;
      balance -= windows[current];
      windows[current] = 0;
      add(size.perSecond() * ONE);
    }
    nextNanos += steps * WINDOW_NANOS;
  }

  private void add(long thousandths) {
    windows[current] += thousandths;
    balance += thousandths;
  }
}
