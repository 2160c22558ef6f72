package io.meshagent.core.policy.access;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Lets in the calls of those who may call a method. */
final class AccessStage implements Stage {

  private static final int LONGEST_NAME = 80;

  private final GovernedAccess access;
  private final AccessMode mode;
  private final BooleanSupplier namesAreNew;

  /**
   * @param namesAreNew whether callers have been asked for their names only just now, so that not
   *     all of them know
   */
  AccessStage(GovernedAccess access, AccessMode mode, BooleanSupplier namesAreNew) {
    this.access = access;
    this.mode = mode;
    this.namesAreNew = namesAreNew;
  }

  @Override
  public Refusal enter(Call call) {
    List<String> proven = call.certified();
    String said = proven.isEmpty() ? call.callerName() : null;
    if (access.rule.allows(proven, said)) {
      access.allowed.increment();
      return null;
    }
    boolean isNameless = proven.isEmpty() && said == null;
    if (mode == AccessMode.ENFORCE && isNameless && namesAreNew.getAsBoolean()) {
      access.early.increment();
      return null;
    }
    String who =
        isNameless ? "a caller without a name" : shown(proven.isEmpty() ? said : proven.get(0));
    String method = call.plan().method();
    access.denied(who, method, mode);
    return mode == AccessMode.REPORT
        ? null
        : Refusal.of(
            "access",
            Code.PERMISSION_DENIED,
            "mesh-agent: " + who + " may not call " + method + " (" + access.name + ")");
  }

  /** Anybody can write a name, of any length and of anything. */
  private static String shown(String name) {
    String text = name.replaceAll("[^ -~]", "?");
    return text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME) + "...";
  }

  @Override
  public void leave(Call call) {}
}
