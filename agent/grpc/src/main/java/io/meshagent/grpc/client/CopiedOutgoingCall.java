package io.meshagent.grpc.client;

import io.meshagent.core.api.Copies;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Survived;
import io.meshagent.core.call.CallPlan;

/** One that may have to be copied; by itself, so that others need no room for it. */
final class CopiedOutgoingCall extends OutgoingCall {

  private final Mesh mesh;

  /** Set before the call starts. */
  private RequestCopy copy;

  CopiedOutgoingCall(CallPlan plan, Mesh mesh, Object trace) {
    super(plan, mesh, trace);
    this.mesh = mesh;
  }

  /**
   * Before the call starts.
   *
   * @param within whether the call is made by the handler of a copy
   */
  void copiedBy(RequestCopy by, boolean within) {
    copy = by;
    isCopy = within;
  }

  @Override
  void sends(Object message) {
    try {
      copy.message(message);
    } catch (Throwable e) {
      Survived.tell(mesh, "a copy of a call", e);
    }
  }

  @Override
  public void copy(Copies to) {
    copy.attempt(to, headers());
  }
}
