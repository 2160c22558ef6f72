package io.meshagent.core.policy.cache;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Setting;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.base.PolicyMetrics;
import io.meshagent.core.policy.cache.CacheCounts.Result;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** What this JVM keeps of responses, and of whom it is asked. Thread-safe. */
public final class Caches implements ActivePolicy {

  private final LongSupplier nanoTime;
  private final Flights flights = new Flights();
  private final Map<String, CacheCounts> byMethod = new ConcurrentHashMap<>();
  private final Map<String, KeepRule> rules = new ConcurrentHashMap<>();

  private final GovernedStore store = new GovernedStore(CacheKeys.MAX_BYTES.defaultValue().bytes);

  Caches(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Stage stage(PlannedMethod method, Settings settings) {
    Duration ttl = settings.select(CacheKeys.TTL, method.name()).value();
    if (method.side() == Side.SERVER || method.isStreaming() || !method.isKept() || ttl.isZero()) {
      return null;
    }
    return new CacheStage(
        rules.compute(method.name(), (name, before) -> KeepRule.of(settings, name, before)),
        ttl.toNanos(),
        settings.select(CacheKeys.STALE, method.name()).value().toNanos(),
        storeOf(settings),
        flights,
        byMethod.computeIfAbsent(method.name(), unused -> new CacheCounts()),
        nanoTime);
  }

  private ResponseStore storeOf(Settings settings) {
    return store.of(settings, settings.get(CacheKeys.MAX_BYTES).bytes);
  }

  @Override
  public void letGo(Side side, String method) {
    if (side == Side.CLIENT) {
      byMethod.remove(method);
      rules.remove(method);
    }
  }

  /** Where nothing is kept any more, and where it is looked at otherwise, one begins anew. */
  @Override
  public void retain(Settings settings) {
    if (settings.sources().stream().anyMatch(Caches::isUse)) {
      ResponseStore unused = storeOf(settings);
    } else {
      store.empty(settings.get(CacheKeys.MAX_BYTES).bytes);
    }
  }

  private static boolean isUse(Setting setting) {
    return setting.key() == CacheKeys.TTL && !setting.isDefault();
  }

  /** What is asked for just now. */
  int flights() {
    return flights.size();
  }

  ResponseStore store() {
    return store.now();
  }

  CacheCounts counts(String method) {
    return byMethod.get(method);
  }

  @Override
  public Map<String, Object> facts() {
    if (byMethod.isEmpty()) {
      return Collections.emptyMap();
    }
    Map<String, Object> rows = new TreeMap<>();
    byMethod.forEach(
        (method, counts) ->
            rows.put(
                method,
                counts.of(Result.HIT)
                    + " hits, "
                    + counts.of(Result.SHARED)
                    + " shared, "
                    + counts.of(Result.STALE)
                    + " stale, "
                    + counts.of(Result.MISS)
                    + " misses, "
                    + counts.of(Result.BYPASSED)
                    + " bypassed"));
    ResponseStore now = store.now();
    rows.put(
        "all", now.size() + " responses, " + now.bytes() + " of " + now.mostBytes() + " bytes");
    return Collections.singletonMap("cache", rows);
  }

  @Override
  public void show(PolicyMetrics metrics) {
    metrics.counter(
        "mesh_cache_calls_total",
        "Calls of methods with client.cache.ttl by what became of them.",
        Arrays.asList("grpc_method", "result"),
        values ->
            byMethod.forEach(
                (method, counts) -> {
                  for (Result result : Result.values()) {
                    String word = result.name().toLowerCase(Locale.ROOT);
                    values.add((double) counts.of(result), method, word);
                  }
                }));
    metrics.gauge(
        "mesh_cache_in_flight",
        "Requests that are under way, for whose answers others may wait (client.cache).",
        Collections.emptyList(),
        values -> values.add(flights.size()));
    metrics.gauge(
        "mesh_cache_bytes",
        "Memory that responses are kept in (client.cache).",
        Collections.emptyList(),
        values -> values.add((double) store.now().bytes()));
    metrics.gauge(
        "mesh_cache_responses",
        "Responses that are kept (client.cache).",
        Collections.emptyList(),
        values -> values.add((double) store.now().size()));
  }
}
