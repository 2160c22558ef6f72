package io.meshagent.core.explain;

import io.meshagent.core.api.Side;
import io.meshagent.core.config.Governance;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.NeverGoverned;
import io.meshagent.core.config.Setting;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.MethodSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.base.Foresight;
import io.meshagent.core.policy.base.Foresight.Then;
import io.meshagent.core.policy.base.SupposedCall;
import io.meshagent.core.telemetry.metrics.CallCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is to be said of a method as this program serves it: which policy would do what to a call of
 * it, by which setting, and what they have done. For one thread.
 */
final class ServedMethod {

  private final AskedCall call;
  private final Settings settings;
  private final PlanCompiler plans;
  private final MethodSettings set;
  private final Map<String, Foresight> foreseen;
  private final Causes causes;
  private final List<String> remarks;

  ServedMethod(
      AskedCall call, Settings settings, PlanCompiler plans, Causes causes, List<String> remarks) {
    this.call = call;
    this.settings = settings;
    this.plans = plans;
    this.causes = causes;
    this.remarks = remarks;
    this.set = new MethodSettings(call.method(), Side.SERVER, settings);
    this.foreseen =
        plans
            .policies()
            .foresee(
                new SupposedCall(call.method(), plans.kindServed(call.method()), call::header),
                settings);
  }

  /**
   * Everything under its heading, for JSON.
   *
   * @param counts of its calls, or of those of each method of its service
   */
  Map<String, Object> facts(List<Map<String, Object>> servers, Map<String, CallCounts> counts) {
    scope();
    foreseen.forEach(this::cause);
    counts.forEach(this::refused);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("servers", servers);
    facts.put("decisions", decisions());
    facts.put("decided by", decider());
    facts.put("calls", calls(counts));
    Object observed = plans.policies().facts().get("observed");
    if (settings.get(Keys.GOVERNANCE) == Governance.OBSERVE && observed != null) {
      facts.put("observed", observed);
    }
    facts.put("settings", ShownSettings.rows(set));
    facts.put("defaults", ShownSettings.defaults(set));
    facts.put("policies", plans.policies().facts(set));
    return facts;
  }

  /** Where no policy does anything at all. */
  private void scope() {
    if (settings.get(Keys.GOVERNANCE) == Governance.OFF) {
      remarks.add("governance=off: no policy does anything to calls that are served here.");
    } else if (settings.get(Keys.GOVERNANCE) == Governance.OBSERVE) {
      remarks.add(
          "governance=observe: what policies would do to calls that are served here is counted"
              + " (mesh_observed_total) and not done.");
    } else if (NeverGoverned.includes(call.method())) {
      remarks.add("No policy refuses or delays calls of " + call.service() + ".");
    }
  }

  private boolean isGoverned() {
    return settings.get(Keys.GOVERNANCE) == Governance.ON;
  }

  private void cause(String policy, Foresight foresight) {
    if (isGoverned() && foresight.isAgainst()) {
      causes.add(
          "server-policy",
          beginning(foresight.then())
              + policy
              + " "
              + foresight.says()
              + ", by "
              + origin(foresight)
              + ".");
    }
  }

  private static String beginning(Then then) {
    switch (then) {
      case REFUSED:
        return "Such a call is refused here: ";
      case WAITS:
        return "Such a call waits here: ";
      default:
        return "Such a call may suffer here: ";
    }
  }

  /** What has happened may happen again only if the policy still has a part in such calls. */
  private void refused(String method, CallCounts counts) {
    counts
        .refused()
        .forEach(
            (policy, count) -> {
              String what =
                  count
                      + (count == 1 ? " call of " : " calls of ")
                      + method
                      + (count == 1 ? " was" : " were")
                      + " refused here by "
                      + policy
                      + " since the start";
              Foresight now = foreseen.get(policy);
              if (isGoverned() && now != null && !now.isSettled()) {
                causes.add("server-refusals", what + ", by " + origin(now) + ".");
              } else {
                remarks.add(
                    what
                        + (now == null || !isGoverned()
                            ? "; by the settings of now it refuses none."
                            : "; such a call is none of them."));
              }
            });
  }

  /** {@code server.access@a.B=allow shop (FILE:3)}. */
  private String origin(Foresight foresight) {
    Setting setting = setting(foresight);
    return foresight.setting()
        + (setting == null ? "" : "=" + setting.value() + " (" + setting.source() + ")");
  }

  /** Null if it is not among those that count, which can't be. */
  private Setting setting(Foresight foresight) {
    for (List<Setting> applying : set.all()) {
      if (applying.get(0).name().equals(foresight.setting())) {
        return applying.get(0);
      }
    }
    return null;
  }

  private List<Map<String, Object>> decisions() {
    List<Map<String, Object>> rows = new ArrayList<>();
    foreseen.forEach(
        (policy, foresight) -> {
          Setting setting = setting(foresight);
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("policy", policy);
          row.put("then", foresight.then().name().toLowerCase(Locale.ROOT).replace('_', ' '));
          row.put("says", foresight.says());
          row.put("setting", foresight.setting());
          row.put("value", setting == null ? null : setting.value());
          row.put("from", setting == null ? null : setting.source());
          rows.add(row);
        });
    return rows;
  }

  /** The first that would end the call or keep it waiting for certain; null for none. */
  private String decider() {
    for (Map.Entry<String, Foresight> each : foreseen.entrySet()) {
      Then then = each.getValue().then();
      if (then == Then.REFUSED || then == Then.WAITS) {
        return each.getKey();
      }
    }
    return null;
  }

  private static Map<String, Object> calls(Map<String, CallCounts> counts) {
    Map<String, Object> rows = new LinkedHashMap<>();
    counts.forEach(
        (method, each) -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("begun", each.begun());
          row.put("under way", each.underWay());
          row.put("refused", each.refused());
          rows.put(method, row);
        });
    return rows;
  }
}
