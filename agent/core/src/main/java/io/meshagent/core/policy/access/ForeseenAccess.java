package io.meshagent.core.policy.access;

import io.meshagent.core.config.Selected;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.Foresight;
import io.meshagent.core.policy.base.SupposedCall;
import java.util.Collections;
import java.util.List;

/** Says beforehand whether a rule lets a caller in. Stateless. */
final class ForeseenAccess {

  private static final List<String> NOT_CERTIFIED = Collections.emptyList();

  private ForeseenAccess() {}

  /** Null where everybody may call. */
  static Foresight of(SupposedCall call, Settings settings) {
    Selected<AccessRule> selected = settings.select(AccessKeys.ACCESS, call.method());
    AccessRule rule = selected.value();
    if (rule.isOff()) {
      return null;
    }
    String setting = AccessKeys.ACCESS.name(selected.selector());
    boolean enforces =
        settings.select(AccessKeys.MODE, call.method()).value() == AccessMode.ENFORCE;
    boolean allows = rule.allows(NOT_CERTIFIED, call.caller());
    if (call.caller() == null) {
      return Foresight.depends(
          setting,
          "goes by who calls, and a call without a name or a certificate is "
              + (allows ? "let in" : enforces ? "refused (PERMISSION_DENIED)" : "reported")
              + "; --header mesh-caller=NAME asks for one");
    }
    AccessClause clause = rule.clause(NOT_CERTIFIED, call.caller());
    String why = clause == null ? "no clause speaks of it" : "'" + clause + "'";
    if (allows) {
      return Foresight.alwaysGoesOn(setting, "lets " + call.caller() + " in (" + why + ")");
    }
    return enforces
        ? Foresight.refused(
            setting, "refuses " + call.caller() + ", PERMISSION_DENIED (" + why + ")")
        : Foresight.alwaysGoesOn(
            setting,
            "reports "
                + call.caller()
                + " and lets it in, since server.access.mode=report ("
                + why
                + ")");
  }
}
