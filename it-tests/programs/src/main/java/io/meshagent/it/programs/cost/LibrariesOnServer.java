package io.meshagent.it.programs.cost;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a program does for the calls that it serves by hand with the libraries: a limit of their
 * rate and metrics, by method. It lets all calls of the benchmark through.
 */
final class LibrariesOnServer implements ServerInterceptor {

  private final Map<String, LibraryMetrics> metrics = new ConcurrentHashMap<>();

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    String name = call.getMethodDescriptor().getFullMethodName();
    LibraryMetrics of = metrics.computeIfAbsent(name, LibraryMetrics::new);
    if (!of.mayBegin()) {
      call.close(Status.RESOURCE_EXHAUSTED, new Metadata());
      return new ServerCall.Listener<A>() {};
    }
    of.begun();
    long began = System.nanoTime();
    return next.startCall(
        new SimpleForwardingServerCall<A, B>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            of.ended(status, System.nanoTime() - began);
            super.close(status, trailers);
          }
        },
        headers);
  }
}
