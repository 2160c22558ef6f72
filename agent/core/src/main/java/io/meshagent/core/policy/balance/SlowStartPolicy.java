package io.meshagent.core.policy.balance;

import io.meshagent.core.config.Key;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/** Spares instances that have just come. It has no stage; routes ask for its rule. */
public final class SlowStartPolicy implements Policy {

  @Override
  public String name() {
    return "slow-start";
  }

  @Override
  public List<Key<?>> keys() {
    return Arrays.asList(BalanceKeys.SLOW_START);
  }

  @Override
  public ActivePolicy start(LongSupplier nanoTime) {
    return (method, settings) -> null;
  }
}
