package io.meshagent.core.policy.fallback;

import io.meshagent.core.config.Key;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import java.util.List;
import java.util.function.LongSupplier;

/** Has calls get a response in the place of their failure. */
public final class FallbackPolicy implements Policy {

  @Override
  public String name() {
    return "fallback";
  }

  @Override
  public List<Key<?>> keys() {
    return FallbackKeys.ALL;
  }

  @Override
  public ActivePolicy start(LongSupplier nanoTime) {
    return new Fallbacks(nanoTime);
  }
}
