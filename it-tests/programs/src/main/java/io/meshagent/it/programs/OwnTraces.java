package io.meshagent.it.programs;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/**
 * Writes one trace header on each attempt, in the place where gRPC's own OpenTelemetry plug-in
 * does: a stream tracer's factory that an interceptor of the program adds.
 */
final class OwnTraces implements ClientInterceptor {

  static final Metadata.Key<String> HEADER =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

  /** Always the same trace, so that a test knows it. */
  static final String VALUE = "00-11111111111111111111111111111111-2222222222222222-01";

  @Override
  public <A, B> ClientCall<A, B> interceptCall(
      MethodDescriptor<A, B> method, CallOptions options, Channel next) {
    return next.newCall(
        method,
        options.withStreamTracerFactory(
            new ClientStreamTracer.Factory() {
              @Override
              public ClientStreamTracer newClientStreamTracer(
                  ClientStreamTracer.StreamInfo info, Metadata headers) {
                headers.put(HEADER, VALUE);
                return new ClientStreamTracer() {};
              }
            }));
  }
}
