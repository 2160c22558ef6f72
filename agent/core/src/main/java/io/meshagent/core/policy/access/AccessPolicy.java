package io.meshagent.core.policy.access;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import java.util.List;
import java.util.function.LongSupplier;

/** Refuses the calls of those who may not call, on servers. */
public final class AccessPolicy implements Policy {

  @Override
  public String name() {
    return "access";
  }

  @Override
  public List<Key<?>> keys() {
    return AccessKeys.ALL;
  }

  @Override
  public boolean needsCallers(Settings settings) {
    return AccessKeys.needNames(settings);
  }

  @Override
  public ActivePolicy start(LongSupplier nanoTime) {
    return new AccessRules(nanoTime);
  }
}
