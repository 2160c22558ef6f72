package io.meshagent.grpc.server;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.meshagent.core.call.CallPlan;

/** The handler of a method whose calls pass the pipeline first. Immutable. */
final class GovernedHandler<A, B> implements ServerCallHandler<A, B> {

  private final ServerCalls calls;
  private final CallPlan plan;
  private final ServerCallHandler<A, B> next;
  private final ServerMethodDefinition<A, B> definition;

  GovernedHandler(ServerCalls calls, ServerMethodDefinition<A, B> programs, CallPlan plan) {
    this.calls = calls;
    this.plan = plan;
    this.next = programs.getServerCallHandler();
    this.definition = programs.withServerCallHandler(this);
  }

  CallPlan plan() {
    return plan;
  }

  /** The program's, with this handler. */
  ServerMethodDefinition<A, B> definition() {
    return definition;
  }

  @Override
  public ServerCall.Listener<A> startCall(ServerCall<A, B> call, Metadata headers) {
    return calls.start(plan, next, call, headers);
  }
}
