package io.meshagent.core.policy.concurrency;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Key;
import io.meshagent.core.config.Selected;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Foresight;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.base.PolicyMetrics;
import io.meshagent.core.policy.base.SupposedCall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * The limits of this JVM by the setting they belong to, as rate limits are. Thread-safe. A limit
 * lives on while it is written somewhere, whatever is written: calls hold places under it, and
 * others wait for them.
 */
public final class ConcurrencyLimits implements ActivePolicy {

  private static final List<String> LABEL = Collections.singletonList("setting");

  private final LongSupplier nanoTime;
  private final Map<String, ConcurrencyLimit> byName = new ConcurrentHashMap<>();

  /** Volatile: the newest that came by {@link #retain}; a method may be compiled by older ones. */
  private volatile Settings newest;

  ConcurrencyLimits(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** No adaptive limit for streams: how long they last says nothing of who serves them. */
  @Override
  public Stage stage(PlannedMethod method, Settings settings) {
    Side side = method.side();
    Selected<Limit> limit = settings.select(ConcurrencyKeys.limit(side), method.name());
    if (limit.value().isOff() || (limit.value().isAdaptive() && method.isStreaming())) {
      return null;
    }
    return new ConcurrencyStage(of(side, limit.selector(), settings), method.isStreaming());
  }

  private ConcurrencyLimit of(Side side, String selector, Settings settings) {
    return byName.compute(
        ConcurrencyKeys.limit(side).name(selector),
        (name, before) -> {
          ConcurrencySettings own = ConcurrencySettings.of(settings, side, selector);
          Settings latest = newest;
          ConcurrencySettings newer =
              latest == null ? null : ConcurrencySettings.of(latest, side, selector);
          ConcurrencySettings inForce = newer == null ? own : newer;
          if (before == null) {
            return new ConcurrencyLimit(name, inForce, nanoTime);
          }
          before.become(inForce);
          return before;
        });
  }

  /** Whoever waits under a limit that is written no more is let in. */
  @Override
  public void retain(Settings settings) {
    newest = settings;
    for (String each : byName.keySet()) {
      byName.computeIfPresent(
          each,
          (name, limit) -> {
            ConcurrencySettings next =
                ConcurrencySettings.of(settings, side(name), Key.selectorOf(name));
            limit.become(next == null ? ConcurrencySettings.OFF : next);
            return next == null ? null : limit;
          });
    }
  }

  private static Side side(String name) {
    return name.startsWith(ConcurrencyKeys.CLIENT_LIMIT.name()) ? Side.CLIENT : Side.SERVER;
  }

  /** All of them by name. */
  List<ConcurrencyLimit> all() {
    List<ConcurrencyLimit> all = new ArrayList<>(byName.values());
    all.sort(Comparator.comparing(ConcurrencyLimit::name));
    return all;
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> rows = new LinkedHashMap<>();
    for (ConcurrencyLimit limit : all()) {
      rows.put(
          limit.name(),
          limit.places().taken()
              + " of "
              + limit.places().most()
              + (limit.places().isAdaptive() ? " (adaptive)" : "")
              + ", "
              + limit.waiting()
              + " waiting");
    }
    return rows.isEmpty() ? Collections.emptyMap() : Collections.singletonMap("concurrency", rows);
  }

  @Override
  public Foresight foresee(SupposedCall call, Settings settings) {
    Selected<Limit> limit = settings.select(ConcurrencyKeys.SERVER_LIMIT, call.method());
    if (limit.value().isOff() || (limit.value().isAdaptive() && call.isStreaming())) {
      return null;
    }
    String setting = ConcurrencyKeys.SERVER_LIMIT.name(limit.selector());
    ConcurrencyLimit known = byName.get(setting);
    return known == null
        ? Foresight.goesOn(
            setting, "lets " + limit.value() + " calls in at once; none has come yet")
        : ForeseenPlace.under(known);
  }

  @Override
  public void show(PolicyMetrics metrics) {
    gauge(
        metrics,
        "mesh_concurrency_limit",
        "The most calls that may be under way at once under a setting.",
        limit -> limit.places().most());
    gauge(
        metrics,
        "mesh_concurrency_in_flight",
        "Calls that are under way under a setting.",
        limit -> limit.places().taken());
    gauge(
        metrics,
        "mesh_concurrency_waiting",
        "Calls that wait in the queue of a setting.",
        ConcurrencyLimit::waiting);
  }

  private void gauge(
      PolicyMetrics metrics, String name, String help, ToDoubleFunction<ConcurrencyLimit> value) {
    metrics.gauge(
        name,
        help,
        LABEL,
        values -> all().forEach(limit -> values.add(value.applyAsDouble(limit), limit.name())));
  }
}
