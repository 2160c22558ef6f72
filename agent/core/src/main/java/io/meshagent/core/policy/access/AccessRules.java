package io.meshagent.core.policy.access;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Governance;
import io.meshagent.core.config.Key;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.Selected;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Foresight;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.base.PolicyMetrics;
import io.meshagent.core.policy.base.SupposedCall;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The rules of access of this JVM by their setting. Thread-safe. */
public final class AccessRules implements ActivePolicy {

  /**
   * So long after rules began to need names a call without one is let in: callers hear through the
   * registry that they are asked for it, usually within a tenth of a second.
   */
  static final long NEW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final List<String> LABELS = Arrays.asList("setting", "verdict");

  private final LongSupplier nanoTime;
  private final Map<String, GovernedAccess> byName = new ConcurrentHashMap<>();

  /**
   * Volatile, as the next, and written before it: by whoever brings settings, read by calls. What
   * stands at the start is published with the first entry, so that nobody has to hear of it.
   */
  private volatile long namesSinceNanos;

  private volatile boolean needsNames;

  AccessRules(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Stage stage(PlannedMethod method, Settings settings) {
    if (method.side() != Side.SERVER) {
      return null;
    }
    Selected<AccessRule> rule = settings.select(AccessKeys.ACCESS, method.name());
    if (rule.value().isOff()) {
      return null;
    }
    AccessMode mode = settings.select(AccessKeys.MODE, method.name()).value();
    return new AccessStage(of(rule), mode, this::areNamesNew);
  }

  private GovernedAccess of(Selected<AccessRule> rule) {
    String text = rule.value().toString();
    return byName.compute(
        AccessKeys.ACCESS.name(rule.selector()),
        (name, before) ->
            before != null && before.rule.toString().equals(text)
                ? before
                : new GovernedAccess(name, rule.value()));
  }

  private boolean areNamesNew() {
    return needsNames && nanoTime.getAsLong() - namesSinceNanos < NEW_NANOS;
  }

  @Override
  public void retain(Settings settings) {
    boolean needs =
        AccessKeys.needNames(settings) && settings.get(Keys.GOVERNANCE) != Governance.OFF;
    if (needs && !needsNames) {
      namesSinceNanos = nanoTime.getAsLong();
    }
    needsNames = needs;
    byName.keySet().removeIf(name -> !isWritten(settings, name));
  }

  private static boolean isWritten(Settings settings, String name) {
    AccessRule rule = settings.written(AccessKeys.ACCESS, Key.selectorOf(name));
    return rule != null && !rule.isOff();
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> rows = new TreeMap<>();
    byName.forEach((name, access) -> rows.put(name, facts(access)));
    return rows.isEmpty() ? Collections.emptyMap() : Collections.singletonMap("access", rows);
  }

  private static Map<String, Object> facts(GovernedAccess access) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("rule", access.rule.toString());
    facts.put("allowed", access.allowed.sum());
    facts.put("reported", access.reported.sum());
    facts.put("refused", access.refused.sum());
    facts.put("not let in", access.strangers());
    return facts;
  }

  @Override
  public Foresight foresee(SupposedCall call, Settings settings) {
    return ForeseenAccess.of(call, settings);
  }

  @Override
  public void show(PolicyMetrics metrics) {
    metrics.counter(
        "mesh_access_total",
        "Calls that server.access let in or not; early: without a name, just after it was needed.",
        LABELS,
        values ->
            byName.forEach(
                (name, access) -> {
                  values.add((double) access.allowed.sum(), name, "allowed");
                  values.add((double) access.reported.sum(), name, "reported");
                  values.add((double) access.refused.sum(), name, "refused");
                  values.add((double) access.early.sum(), name, "early");
                }));
  }
}
