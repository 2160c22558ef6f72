package io.meshagent.core.policy.base;

import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.MethodKind;

/** A method on one side, as policies are told of it when its plan is compiled. Immutable. */
public final class PlannedMethod {

  private final Side side;
  private final String name;
  private final MethodKind kind;
  private final Service service;
  private final boolean kept;

  /**
   * @param name full, {@code package.Service/Method}
   * @param kind which sides of its calls may send more than one message
   * @param service whose instances the calls go to; null where the directory has no say
   * @param kept false if the plan is for one call only
   */
  public PlannedMethod(Side side, String name, MethodKind kind, Service service, boolean kept) {
    this.side = side;
    this.name = name;
    this.kind = kind;
    this.service = service;
    this.kept = kept;
  }

  public Side side() {
    return side;
  }

  /** The full method name, {@code package.Service/Method}. */
  public String name() {
    return name;
  }

  /** Whether client or server may send more than one message. */
  public boolean isStreaming() {
    return kind.isStreaming();
  }

  /** Which sides of its calls may send more than one message. */
  public MethodKind kind() {
    return kind;
  }

  /** Whose instances the calls go to; null where the directory has no say. */
  public Service service() {
    return service;
  }

  /**
   * Whether what belongs to the method may be kept: {@link ActivePolicy#letGo} is called for those
   * only. Else callers may have made the name up, and nothing may stay behind.
   */
  public boolean isKept() {
    return kept;
  }
}
