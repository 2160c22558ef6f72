package io.meshagent.core.policy;

import io.meshagent.core.policy.access.AccessRules;
import io.meshagent.core.policy.breaker.Breakers;
import io.meshagent.core.policy.cache.Caches;
import io.meshagent.core.policy.concurrency.ConcurrencyLimits;
import io.meshagent.core.policy.fallback.Fallbacks;
import io.meshagent.core.policy.fault.Faults;
import io.meshagent.core.policy.ratelimit.Buckets;

/** What policies keep inside of a compiler. */
public final class TestPolicies {

  private TestPolicies() {}

  public static Breakers breakers(PlanCompiler compiler) {
    return compiler.policies().active(Breakers.class);
  }

  public static Buckets buckets(PlanCompiler compiler) {
    return compiler.policies().active(Buckets.class);
  }

  public static ConcurrencyLimits concurrency(PlanCompiler compiler) {
    return compiler.policies().active(ConcurrencyLimits.class);
  }

  public static AccessRules access(PlanCompiler compiler) {
    return compiler.policies().active(AccessRules.class);
  }

  public static Caches caches(PlanCompiler compiler) {
    return compiler.policies().active(Caches.class);
  }

  public static Fallbacks fallbacks(PlanCompiler compiler) {
    return compiler.policies().active(Fallbacks.class);
  }

  public static Faults faults(PlanCompiler compiler) {
    return compiler.policies().active(Faults.class);
  }
}
