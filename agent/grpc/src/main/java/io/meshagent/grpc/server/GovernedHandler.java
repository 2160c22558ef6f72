package io.meshagent.grpc.server;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.meshagent.core.call.CallPlan;

/**
 * The handler of one call, which passes the pipeline first. gRPC makes a definition for every call
 * from the program's and its interceptors, so there is nothing to keep one by. Immutable.
 */
final class GovernedHandler<A, B> implements ServerCallHandler<A, B> {

  private final ServerCalls calls;
  private final CallPlan plan;
  private final ServerCallHandler<A, B> next;

  private GovernedHandler(ServerCalls calls, CallPlan plan, ServerCallHandler<A, B> next) {
    this.calls = calls;
    this.plan = plan;
    this.next = next;
  }

  /** The definition to use in the place of the program's, for a call by this plan. */
  static <A, B> ServerMethodDefinition<A, B> of(
      ServerCalls calls, ServerMethodDefinition<A, B> programs, CallPlan plan) {
    return programs.withServerCallHandler(
        new GovernedHandler<>(calls, plan, programs.getServerCallHandler()));
  }

  @Override
  public ServerCall.Listener<A> startCall(ServerCall<A, B> call, Metadata headers) {
    return calls.start(plan, next, call, headers);
  }
}
