package io.meshagent.core.policy.fallback;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.ResponseForm;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Key;
import io.meshagent.core.config.Selected;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.base.PolicyMetrics;
import io.meshagent.core.policy.cache.GovernedStore;
import io.meshagent.core.policy.cache.KeepRule;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The fallbacks of this JVM, and the last good responses. Thread-safe. */
public final class Fallbacks implements ActivePolicy {

  /** Of the last good responses, of all methods together. */
  private static final long MOST_BYTES = 8 << 20;

  private final LongSupplier nanoTime;
  private final Map<String, FallbackCounts> byMethod = new ConcurrentHashMap<>();
  private final Map<String, KeepRule> rules = new ConcurrentHashMap<>();

  /** By setting. A form is read again by the adapters only if it is another one. */
  private final Map<String, ResponseForm> forms = new ConcurrentHashMap<>();

  private final GovernedStore store = new GovernedStore(MOST_BYTES);

  Fallbacks(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Stage stage(PlannedMethod method, Settings settings) {
    Selected<FallbackRule> selected = settings.select(FallbackKeys.FALLBACK, method.name());
    FallbackRule rule = selected.value();
    if (method.side() == Side.SERVER || !method.isKept() || !suits(rule, method.kind())) {
      return null;
    }
    LastResponses last =
        rule.kind == FallbackRule.Kind.LAST
            ? new LastResponses(
                rules.compute(method.name(), (name, before) -> KeepRule.of(settings, name, before)),
                store.of(settings, MOST_BYTES),
                nanoTime)
            : null;
    return new FallbackStage(
        rule.kind,
        form(rule, selected.selector()),
        settings.select(FallbackKeys.CODES, method.name()).value(),
        byMethod.computeIfAbsent(method.name(), unused -> new FallbackCounts()),
        last);
  }

  /** One response can stand for a call that has one; the last is known by the one request. */
  private static boolean suits(FallbackRule rule, MethodKind kind) {
    return !rule.isOff()
        && kind.hasOneResponse()
        && (kind.hasOneRequest() || rule.kind != FallbackRule.Kind.LAST);
  }

  private ResponseForm form(FallbackRule rule, String selector) {
    String setting = FallbackKeys.FALLBACK.name(selector);
    ResponseForm next = rule.form(setting);
    return next == null
        ? null
        : forms.compute(
            setting,
            (same, before) ->
                before != null && before.kind() == next.kind() && before.text().equals(next.text())
                    ? before
                    : next);
  }

  @Override
  public void letGo(Side side, String method) {
    if (side == Side.CLIENT) {
      byMethod.remove(method);
      rules.remove(method);
    }
  }

  /** All methods are compiled next: what is needed comes again, and forms that are not are gone. */
  @Override
  public void retain(Settings settings) {
    forms.keySet().removeIf(setting -> isGone(settings, setting));
  }

  private static boolean isGone(Settings settings, String setting) {
    return settings.written(FallbackKeys.FALLBACK, Key.selectorOf(setting)) == null;
  }

  FallbackCounts counts(String method) {
    return byMethod.get(method);
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> rows = new TreeMap<>();
    byMethod.forEach(
        (method, counts) -> {
          StringBuilder row = new StringBuilder();
          for (FallbackRule.Kind kind : FallbackRule.Kind.values()) {
            long used = counts.used(kind).sum();
            if (used > 0) {
              row.append(kind.name().toLowerCase(Locale.ROOT)).append(' ').append(used);
              row.append(", ");
            }
          }
          rows.put(method, row + "none " + counts.missing.sum());
        });
    return rows.isEmpty() ? Collections.emptyMap() : Collections.singletonMap("fallbacks", rows);
  }

  @Override
  public void show(PolicyMetrics metrics) {
    metrics.counter(
        "mesh_fallbacks_total",
        "Calls that were told a fallback instead of their failure, or for which there was none.",
        Arrays.asList("grpc_method", "fallback"),
        values ->
            byMethod.forEach(
                (method, counts) -> {
                  for (FallbackRule.Kind kind : FallbackRule.Kind.values()) {
                    if (kind != FallbackRule.Kind.OFF) {
                      String word = kind.name().toLowerCase(Locale.ROOT);
                      values.add((double) counts.used(kind).sum(), method, word);
                    }
                  }
                  values.add((double) counts.missing.sum(), method, "none");
                }));
  }
}
