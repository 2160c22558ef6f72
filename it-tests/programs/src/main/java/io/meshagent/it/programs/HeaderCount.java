package io.meshagent.it.programs;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Prints each trace header that comes with a call: {@code traceparents <n> <value> …}, and {@code
 * copy} for one that is marked as such.
 */
final class HeaderCount implements ServerInterceptor {

  private static final Metadata.Key<String> COPY =
      Metadata.Key.of("mesh-mirror", Metadata.ASCII_STRING_MARSHALLER);

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    Iterable<String> all = headers.getAll(OwnTraces.HEADER);
    int count = 0;
    StringBuilder values = new StringBuilder();
    if (all != null) {
      for (String value : all) {
        count++;
        values.append(' ').append(value);
      }
    }
    System.out.println("traceparents " + count + values);
    if ("1".equals(headers.get(COPY))) {
      System.out.println("copy");
    }
    return next.startCall(call, headers);
  }
}
