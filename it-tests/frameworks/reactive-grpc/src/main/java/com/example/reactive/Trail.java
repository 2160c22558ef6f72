package com.example.reactive;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.List;

/** Adds its name to the header {@code trail}, then to the context: who was passed, how often. */
final class Trail implements ClientInterceptor, ServerInterceptor {

  static final Context.Key<String> PASSED = Context.key("passed");

  private static final Metadata.Key<String> KEY =
      Metadata.Key.of("trail", Metadata.ASCII_STRING_MARSHALLER);

  private final String name;

  Trail(String name) {
    this.name = name;
  }

  @Override
  public <A, B> ClientCall<A, B> interceptCall(
      MethodDescriptor<A, B> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<B> listener, Metadata headers) {
        headers.put(KEY, name);
        super.start(listener, headers);
      }
    };
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    String before = PASSED.get();
    Iterable<String> sent = before == null ? headers.getAll(KEY) : List.of(before);
    String passed = (sent == null ? "" : String.join(" ", sent)) + " " + name;
    Context context = Context.current().withValue(PASSED, passed.strip());
    return Contexts.interceptCall(context, call, headers, next);
  }
}
