package io.meshagent.core.policy.ratelimit;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Key;
import io.meshagent.core.config.Rate;
import io.meshagent.core.config.Selected;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Foresight;
import io.meshagent.core.policy.base.HostedServices;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.base.SupposedCall;
import io.meshagent.core.policy.ratelimit.RateLimitStage.Pushback;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** Volatile: set once, before the first call. */
  private volatile HostedServices hosts = HostedServices.UNKNOWN;

  public Buckets(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Stage stage(PlannedMethod method, Settings settings) {
    RateLimit limit = of(settings, method.side(), method.name());
    if (limit == null) {
      return null;
    }
    int slash = method.name().lastIndexOf('/');
    if (method.isKept() && slash > 0) {
      limit.isFor(method.name().substring(0, slash));
    }
    return new RateLimitStage(limit, pushback(method, settings));
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
    // What else is written is the bucket's, not the method's: that of the rate's own selector or
    // of what covers it.
    String selector = rate.selector();
    int burst = settings.select(RateLimitKeys.burst(side), selector).value();
    LimitKey key = settings.select(RateLimitKeys.key(side), selector).value();
    LimitScope scope =
        side == Side.SERVER
            ? settings.select(RateLimitKeys.SERVER_SCOPE, selector).value()
            : LimitScope.INSTANCE;
    return byName.compute(
        RateLimitKeys.rate(side).name(selector),
        (name, before) -> {
          if (before != null && before.isAs(rate.value(), burst, key, scope)) {
            return before;
          }
          if (before != null) {
            before.close();
          }
          return new RateLimit(name, rate.value(), burst, key, sharers(scope), nanoTime);
        });
  }

  /** Null if a rate is this instance's alone. */
  private Sharers sharers(LimitScope scope) {
    return scope == LimitScope.CLUSTER
        ? new Sharers(name -> hosts.hold(name), service -> hosts.letGo(service))
        : null;
  }

  @Override
  public void hostedBy(HostedServices services) {
    hosts = services;
  }

  /** Drops the limits that are no longer written in the settings. */
  @Override
  public void retain(Settings settings) {
    byName
        .values()
        .removeIf(
            limit -> {
              boolean over = !isWritten(settings, limit.name());
              if (over) {
                limit.close();
              }
              return over;
            });
  }

  private static boolean isWritten(Settings settings, String name) {
    Side side = name.startsWith(RateLimitKeys.CLIENT_RATE.name()) ? Side.CLIENT : Side.SERVER;
    Rate rate = settings.written(RateLimitKeys.rate(side), Key.selectorOf(name));
    return rate != null && !rate.isOff();
  }

  /** Of a limit that no call has met yet nothing is made. */
  @Override
  public Foresight foresee(SupposedCall call, Settings settings) {
    Selected<Rate> rate = settings.select(RateLimitKeys.SERVER_RATE, call.method());
    if (rate.value().isOff()) {
      return null;
    }
    String setting = RateLimitKeys.SERVER_RATE.name(rate.selector());
    RateLimit limit = byName.get(setting);
    if (limit == null) {
      return Foresight.goesOn(
          setting, "lets " + rate.value() + " calls through; none has come yet");
    }
    long left = limit.available(call);
    String says = "lets " + limit.most() + " through, " + limit.burst() + " at once; now ";
    return left > 0
        ? Foresight.goesOn(setting, says + left)
        : Foresight.refused(setting, says + "none: RESOURCE_EXHAUSTED");
  }

  /** All of them by name, for metrics and the admin page. */
  public List<RateLimit> all() {
    List<RateLimit> all = new ArrayList<>(byName.values());
    all.sort(Comparator.comparing(RateLimit::name));
    return Collections.unmodifiableList(all);
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> rows = new TreeMap<>();
    byName.forEach((name, limit) -> rows.put(name, limit.toString()));
    return rows.isEmpty() ? Collections.emptyMap() : Collections.singletonMap("rate limits", rows);
  }
}
