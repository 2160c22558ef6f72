package io.meshagent.core.policy.fallback;

import io.meshagent.core.call.Call;
import io.meshagent.core.call.Response;
import io.meshagent.core.policy.cache.CacheKey;
import io.meshagent.core.policy.cache.KeepRule;
import io.meshagent.core.policy.cache.KeptResponse;
import io.meshagent.core.policy.cache.ResponseStore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The last good response of a method to each request, as far as it may be shared, for a day.
 * Thread-safe.
 */
final class LastResponses {

  private static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(1);

  private final KeepRule rule;
  private final ResponseStore store;
  private final LongSupplier nanoTime;

  LastResponses(KeepRule rule, ResponseStore store, LongSupplier nanoTime) {
    this.rule = rule;
    this.store = store;
    this.nanoTime = nanoTime;
  }

  boolean looksAtAttempts() {
    return rule.looksAtAttempts();
  }

  boolean mayShare(Call call) {
    return rule.mayShare(call);
  }

  boolean findsCredentials(Call call) {
    return rule.findsCredentials(call, "client.fallback=last");
  }

  /** Null for none. */
  Response of(Call call) {
    CacheKey key = key(call);
    KeptResponse kept = key == null ? null : store.get(key);
    return kept != null && kept.isYounger(nanoTime.getAsLong(), LONGEST_NANOS)
        ? kept.response()
        : null;
  }

  void keep(Call call, Response response) {
    CacheKey key = key(call);
    KeptResponse kept = key == null ? null : rule.kept(response, nanoTime.getAsLong());
    if (kept != null) {
      store.put(key, kept);
    }
  }

  private CacheKey key(Call call) {
    return rule.mayShare(call) ? rule.key(call) : null;
  }
}
