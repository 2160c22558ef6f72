package io.meshagent.core.policy.breaker;

import io.meshagent.core.config.Key;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import java.util.List;
import java.util.function.LongSupplier;

/** Refuses the calls of a client's method that keeps failing. */
public final class BreakerPolicy implements Policy {

  @Override
  public String name() {
    return "breaker";
  }

  @Override
  public List<Key<?>> keys() {
    return BreakerKeys.ALL;
  }

  @Override
  public ActivePolicy start(LongSupplier nanoTime) {
    return new Breakers(nanoTime);
  }
}
