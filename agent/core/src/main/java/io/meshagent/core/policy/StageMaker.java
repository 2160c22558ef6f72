package io.meshagent.core.policy;

import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.breaker.BreakerSettings;
import io.meshagent.core.policy.breaker.BreakerStage;
import io.meshagent.core.policy.breaker.Breakers;
import io.meshagent.core.policy.ratelimit.Buckets;
import io.meshagent.core.policy.ratelimit.RateLimit;
import io.meshagent.core.policy.ratelimit.RateLimitStage;
import io.meshagent.core.policy.ratelimit.RateLimitStage.Pushback;

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

  /** Whose instances the calls go to; null where the directory has no say. */
  private final Service service;

  private final boolean streaming;

  /** Whether what belongs to the method may be kept. */
  private boolean keepsState = true;

  private ProofStage proof;

  /**
   * For one method.
   *
   * @param plan what the stages are for
   */
  StageMaker(
      Settings settings,
      Observers observers,
      Breakers breakers,
      Buckets buckets,
      CallPlan plan,
      boolean streaming) {
    this.settings = settings;
    this.observers = observers;
    this.breakers = breakers;
    this.buckets = buckets;
    this.side = plan.side();
    this.method = plan.method();
    this.service = plan.service();
    this.streaming = streaming;
  }

  /** Until somebody answers. */
  void proof(ProofStage stage) {
    proof = stage;
  }

  /** For a plan that is not kept. */
  StageMaker withoutState(ProofStage stage) {
    keepsState = false;
    proof = stage;
    return this;
  }

  Stage metrics() {
    return keepsState ? observers.metrics(side, method) : observers.metricsOfOthers(side);
  }

  Stage trace() {
    return observers.trace(side, method);
  }

  Stage rateLimit() {
    RateLimit limit = isGoverned() ? buckets.of(settings, side, method) : null;
    return limit == null ? null : new RateLimitStage(limit, pushback());
  }

  private Pushback pushback() {
    if (side == Side.CLIENT) {
      return Pushback.EXACT;
    }
    return settings.select(Keys.SERVER_PUSHBACK, method).value() ? Pushback.SPREAD : Pushback.NONE;
  }

  Stage breaker() {
    if (!keepsState) {
      return null;
    }
    BreakerSettings breaker = isGoverned() ? BreakerSettings.of(settings, method) : null;
    if (breaker == null) {
      breakers.remove(method);
      return null;
    }
    return new BreakerStage(method, breakers.of(method, streaming, breaker, service), streaming);
  }

  Stage proof() {
    return proof;
  }

  private boolean isGoverned() {
    return !Scope.isObservedOnly(method);
  }
}
