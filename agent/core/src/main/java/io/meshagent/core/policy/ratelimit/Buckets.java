package io.meshagent.core.policy.ratelimit;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Rate;
import io.meshagent.core.config.Selected;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.ratelimit.RateLimitStage.Pushback;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The rate limits of this JVM by the setting they belong to: the plain one is one bucket for all
 * calls of its side, one for a service is one bucket for the service, and so on. Thread-safe; a
 * bucket lives on while its setting stays.
 */
public final class Buckets implements ActivePolicy {

  private final LongSupplier nanoTime;
  private final Map<String, RateLimit> byName = new ConcurrentHashMap<>();

  public Buckets(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Stage stage(PlannedMethod method, Settings settings) {
    RateLimit limit = of(settings, method.side(), method.name());
    return limit == null ? null : new RateLimitStage(limit, pushback(method, settings));
  }

  private static Pushback pushback(PlannedMethod method, Settings settings) {
    if (method.side() == Side.CLIENT) {
      return Pushback.EXACT;
    }
    return settings.select(RateLimitKeys.SERVER_PUSHBACK, method.name()).value()
        ? Pushback.SPREAD
        : Pushback.NONE;
  }

  /** The limit that applies to a method, or null for none. */
  public RateLimit of(Settings settings, Side side, String method) {
    Selected<Rate> rate = settings.select(RateLimitKeys.rate(side), method);
    if (rate.value().isOff()) {
      return null;
    }
    // The burst is the bucket's, not the method's: the one written for the rate's own selector or
    // for what covers it.
    int burst = settings.select(RateLimitKeys.burst(side), rate.selector()).value();
    return byName.compute(
        name(side, rate.selector()),
        (name, before) ->
            before != null && before.isFor(rate.value(), burst)
                ? before
                : new RateLimit(name, rate.value(), burst, nanoTime));
  }

  /** Drops the limits that are no longer written in the settings. */
  @Override
  public void retain(Settings settings) {
    byName.keySet().removeIf(name -> !isWritten(settings, name));
  }

  private static boolean isWritten(Settings settings, String name) {
    Side side = name.startsWith(RateLimitKeys.CLIENT_RATE.name()) ? Side.CLIENT : Side.SERVER;
    int at = name.indexOf('@');
    String selector = at < 0 ? "" : name.substring(at + 1);
    Selected<Rate> rate = settings.select(RateLimitKeys.rate(side), selector);
    return rate.selector().equals(selector) && !rate.value().isOff();
  }

  /** All of them by name, for metrics and the admin page. */
  public List<RateLimit> all() {
    List<RateLimit> all = new ArrayList<>(byName.values());
    all.sort(Comparator.comparing(RateLimit::name));
    return Collections.unmodifiableList(all);
  }

  private static String name(Side side, String selector) {
    String key = RateLimitKeys.rate(side).name();
    return selector.isEmpty() ? key : key + "@" + selector;
  }
}
