package io.meshagent.core.policy.balance;

import io.meshagent.core.config.Key;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/** Leaves instances out that fail. It has no stage; routes ask for its rule. */
public final class EjectionPolicy implements Policy {

  @Override
  public String name() {
    return "ejection";
  }

  @Override
  public List<Key<?>> keys() {
    return Arrays.asList(
        BalanceKeys.EJECTION,
        BalanceKeys.FAILURES,
        BalanceKeys.SUCCESS_RATE,
        BalanceKeys.MAX_SHARE);
  }

  @Override
  public ActivePolicy start(LongSupplier nanoTime) {
    return (method, settings) -> null;
  }
}
