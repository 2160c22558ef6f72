package io.meshagent.it.programs;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Prints the headers that the program sees of each call, as they come: {@code headers <…>}. */
final class ShownHeaders implements ServerInterceptor {

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    System.out.println("headers " + headers);
    return next.startCall(call, headers);
  }
}
