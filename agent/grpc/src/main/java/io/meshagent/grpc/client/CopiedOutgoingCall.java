package io.meshagent.grpc.client;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.meshagent.core.api.Copies;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Survived;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Response;
import io.meshagent.grpc.base.ChannelFacts;

/** One that may have to be copied; by itself, so that others need no room for it. */
final class CopiedOutgoingCall extends ReadOutgoingCall {

  private final Mesh mesh;

  /** Set before the call starts. */
  private RequestCopy copy;

  CopiedOutgoingCall(
      CallPlan plan,
      Mesh mesh,
      Object trace,
      MethodDescriptor<?, ?> method,
      ChannelFacts channel,
      CallOptions options,
      boolean reads,
      Response made) {
    super(plan, mesh, trace, method, channel, options, reads, made);
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
    super.sends(message);
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
