package io.meshagent.core.policy.retry;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.RepeatRule;
import java.util.List;
import java.util.function.LongSupplier;

/** How the calls of one method are repeated by one set of settings. Thread-safe. */
final class MethodRepeats implements RepeatRule {

  private final RepeatSettings settings;
  private final RetryBudget budget;
  private final RepeatCounts counts;
  private final LongSupplier nanoTime;
  private final List<String> codes;

  MethodRepeats(
      RepeatSettings settings, RetryBudget budget, RepeatCounts counts, LongSupplier nanoTime) {
    this.settings = settings;
    this.budget = budget;
    this.counts = counts;
    this.nanoTime = nanoTime;
    this.codes = settings.codes().names();
  }

  boolean isBy(RepeatSettings otherSettings, RetryBudget otherBudget) {
    return settings.equals(otherSettings) && budget == otherBudget;
  }

  RetryBudget budget() {
    return budget;
  }

  @Override
  public boolean isHedging() {
    return settings.isHedging();
  }

  @Override
  public int attempts() {
    return settings.attempts();
  }

  @Override
  public List<String> codes() {
    return codes;
  }

  @Override
  public boolean isRepeatedAfter(Code code) {
    return settings.codes().contains(code);
  }

  @Override
  public long firstBackoffNanos() {
    return settings.backoff().first().toNanos();
  }

  @Override
  public long mostBackoffNanos() {
    return settings.backoff().most().toNanos();
  }

  @Override
  public double backoffFactor() {
    return settings.backoff().factor();
  }

  @Override
  public long hedgeDelayNanos() {
    return settings.hedgeDelay().toNanos();
  }

  @Override
  public boolean tryRetry() {
    boolean has = budget.tryTake(nanoTime.getAsLong());
    (has ? counts.retries : counts.refused).increment();
    return has;
  }

  @Override
  public boolean mayHedge() {
    boolean has = budget.hasOne(nanoTime.getAsLong());
    if (!has) {
      counts.refused.increment();
    }
    return has;
  }

  @Override
  public void hedged() {
    budget.take(nanoTime.getAsLong());
    counts.hedges.increment();
  }
}
