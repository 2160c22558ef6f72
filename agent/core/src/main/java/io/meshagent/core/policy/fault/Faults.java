package io.meshagent.core.policy.fault;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Key;
import io.meshagent.core.config.Selected;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Log;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.Foresight;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.policy.base.PolicyMetrics;
import io.meshagent.core.policy.base.SupposedCall;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The faults that are injected in this JVM, by their setting. Thread-safe. Says on the log what
 * begins when the first method is compiled for it, and what is over.
 */
public final class Faults implements ActivePolicy {

  private static final List<String> LABELS = Arrays.asList("setting", "fault");

  private final Map<String, Injection> byName = new ConcurrentHashMap<>();
  private final DelayedCalls delayedCalls = new DelayedCalls();

  @Override
  public Stage stage(PlannedMethod method, Settings settings) {
    Selected<FaultRule> rule = settings.select(FaultKeys.fault(method.side()), method.name());
    if (rule.value().isOff() || !settings.get(FaultKeys.FAULTS)) {
      return null;
    }
    return new FaultStage(of(method.side(), rule), delayedCalls);
  }

  private Injection of(Side side, Selected<FaultRule> rule) {
    String name = FaultKeys.fault(side).name(rule.selector());
    String text = rule.value().toString();
    return byName.compute(
        name,
        (same, before) -> {
          if (before != null && before.rule.toString().equals(text)) {
            return before;
          }
          Log.warn(
              "faults are injected into calls by " + name + ": " + text + "; faults=off ends it");
          return new Injection(name, rule.value());
        });
  }

  @Override
  public void retain(Settings settings) {
    byName
        .keySet()
        .removeIf(
            name -> {
              boolean over = !settings.get(FaultKeys.FAULTS) || !isWritten(settings, name);
              if (over) {
                Log.warn("no more faults are injected into calls by " + name);
              }
              return over;
            });
  }

  private static boolean isWritten(Settings settings, String name) {
    Side side = name.startsWith(FaultKeys.CLIENT_FAULT.name()) ? Side.CLIENT : Side.SERVER;
    FaultRule rule = settings.written(FaultKeys.fault(side), Key.selectorOf(name));
    return rule != null && !rule.isOff();
  }

  /** How many calls are delayed now. */
  int delayed() {
    return delayedCalls.count();
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> rows = new TreeMap<>();
    byName.forEach(
        (name, injection) ->
            rows.put(
                name,
                injection.rule
                    + ": "
                    + injection.delayed.sum()
                    + " delayed, "
                    + injection.aborted.sum()
                    + " aborted"));
    return rows.isEmpty() ? Collections.emptyMap() : Collections.singletonMap("faults", rows);
  }

  @Override
  public List<String> troubles(String method, Settings settings) {
    Selected<FaultRule> rule = settings.select(FaultKeys.CLIENT_FAULT, method);
    return rule.value() == FaultRule.OFF || !settings.get(FaultKeys.FAULTS)
        ? Collections.emptyList()
        : Collections.singletonList(
            "Faults are injected into a share of the calls by "
                + FaultKeys.CLIENT_FAULT.name(rule.selector())
                + "="
                + rule.value()
                + ".");
  }

  @Override
  public Foresight foresee(SupposedCall call, Settings settings) {
    Selected<FaultRule> rule = settings.select(FaultKeys.SERVER_FAULT, call.method());
    if (rule.value().isOff()) {
      return null;
    }
    String name = FaultKeys.SERVER_FAULT.name(rule.selector());
    return settings.get(FaultKeys.FAULTS)
        ? Foresight.harms(name, "injects faults into a share of the calls: " + rule.value())
        : Foresight.alwaysGoesOn(name, "injects none of its faults, since faults=off");
  }

  @Override
  public void show(PolicyMetrics metrics) {
    metrics.counter(
        "mesh_faults_total",
        "Calls that a fault was injected into, or left out because they could not be delayed.",
        LABELS,
        values ->
            byName.forEach(
                (name, injection) -> {
                  values.add((double) injection.delayed.sum(), name, "delay");
                  values.add((double) injection.aborted.sum(), name, "abort");
                  values.add((double) injection.leftOut.sum(), name, "left_out");
                }));
  }
}
