package io.meshagent.it.programs.cost;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Stands around each call and its listener and does nothing: the least that governing takes. */
final class EmptyOnServer implements ServerInterceptor {

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    ServerCall<A, B> around = new SimpleForwardingServerCall<A, B>(call) {};
    return new SimpleForwardingServerCallListener<A>(next.startCall(around, headers)) {};
  }
}
