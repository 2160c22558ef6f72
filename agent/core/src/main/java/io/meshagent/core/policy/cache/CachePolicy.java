package io.meshagent.core.policy.cache;

import io.meshagent.core.config.Key;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import java.util.List;
import java.util.function.LongSupplier;

/** Gives the response to a call to others who ask the same. */
public final class CachePolicy implements Policy {

  @Override
  public String name() {
    return "cache";
  }

  @Override
  public List<Key<?>> keys() {
    return CacheKeys.ALL;
  }

  @Override
  public ActivePolicy start(LongSupplier nanoTime) {
    return new Caches(nanoTime);
  }
}
