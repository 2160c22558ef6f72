package io.meshagent.core.policy.ratelimit;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Policy;
import java.util.List;
import java.util.function.LongSupplier;

/** Refuses calls that come faster than a limit, on either side. */
public final class RateLimitPolicy implements Policy {

  @Override
  public String name() {
    return "rate-limit";
  }

  @Override
  public List<Key<?>> keys() {
    return RateLimitKeys.ALL;
  }

  @Override
  public boolean needsCallers(Settings settings) {
    return settings.sources().stream()
        .anyMatch(
            setting ->
                setting.key() == RateLimitKeys.SERVER_KEY
                    && setting.value().equals(LimitKey.CALLER.toString()));
  }

  @Override
  public ActivePolicy start(LongSupplier nanoTime) {
    return new Buckets(nanoTime);
  }
}
