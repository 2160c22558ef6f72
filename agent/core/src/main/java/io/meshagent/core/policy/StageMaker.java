package io.meshagent.core.policy;

import io.meshagent.core.api.Side;
import io.meshagent.core.api.Stage;
import io.meshagent.core.config.Settings;

/**
 * Makes the stages of one method from the settings; null for each that it has none of. The
 * pipelines put them in order.
 */
final class StageMaker {

  private final Settings settings;
  private final Observers observers;
  private final Breakers breakers;
  private final Buckets buckets;
  private final Side side;
  private final String method;
  private final boolean streaming;
  private final boolean bounded;

  /**
   * For one method.
   *
   * @param bounded whether the plan is kept, and what belongs to it may be kept too
   */
  StageMaker(
      Settings settings,
      Observers observers,
      Breakers breakers,
      Buckets buckets,
      Side side,
      String method,
      boolean streaming,
      boolean bounded) {
    this.settings = settings;
    this.observers = observers;
    this.breakers = breakers;
    this.buckets = buckets;
    this.side = side;
    this.method = method;
    this.streaming = streaming;
    this.bounded = bounded;
  }

  Stage metrics() {
    return observers.metrics(side, method);
  }

  Stage trace() {
    return observers.trace(side, method);
  }

  Stage rateLimit() {
    RateLimit limit = isGoverned() ? buckets.of(settings, side, method) : null;
    return limit == null ? null : new RateLimitStage(limit);
  }

  Stage breaker() {
    BreakerSettings breaker = isGoverned() && bounded ? BreakerSettings.of(settings, method) : null;
    if (breaker == null) {
      breakers.remove(method);
      return null;
    }
    return new BreakerStage(method, breakers.of(method, breaker), streaming);
  }

  private boolean isGoverned() {
    return !Scope.isObservedOnly(method);
  }
}
