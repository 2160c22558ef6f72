package io.meshagent.grpc.client;

import io.grpc.MethodDescriptor;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.call.Answer;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Response;

/** One in whose outcome's place a stage may put a response; by itself, as others need no room. */
class MadeOutgoingCall extends OutgoingCall {

  private final MethodDescriptor<?, ?> method;

  private final Response made;

  /**
   * @param made what a stage may put in the place of an outcome; null for nothing
   */
  MadeOutgoingCall(
      CallPlan plan, Mesh mesh, Object trace, MethodDescriptor<?, ?> method, Response made) {
    super(plan, mesh, trace);
    this.method = method;
    this.made = made;
  }

  MethodDescriptor<?, ?> method() {
    return method;
  }

  @Override
  public Response made() {
    return made;
  }

  @Override
  final Object messageOf(Answer answer) {
    Response known = answer.response();
    return known == null ? answer.message() : MessageBytes.message(method, known.message());
  }
}
