package io.meshagent.core.policy.concurrency;

import io.meshagent.core.config.Key;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import java.util.List;
import java.util.function.LongSupplier;

/** Has calls wait, or refuses them, that are more at once than a limit, on either side. */
public final class ConcurrencyPolicy implements Policy {

  @Override
  public String name() {
    return "concurrency";
  }

  @Override
  public List<Key<?>> keys() {
    return ConcurrencyKeys.ALL;
  }

  @Override
  public ActivePolicy start(LongSupplier nanoTime) {
    return new ConcurrencyLimits(nanoTime);
  }
}
