package com.example.micronaut;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.micronaut.context.annotation.Factory;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.core.propagation.PropagatedContextElement;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;

/** Interceptors that write their names into a header, then the context: who ran, how often. */
@Factory
class Trail {

  static final Context.Key<String> PASSED = Context.key("passed");

  private static final Metadata.Key<String> KEY =
      Metadata.Key.of("trail", Metadata.ASCII_STRING_MARSHALLER);

  /** What the framework's own context carries. */
  record Note(String text) implements PropagatedContextElement {}

  @Singleton
  @Named("c1")
  ClientInterceptor outerOfClient() {
    return new Client("c1", 1);
  }

  @Singleton
  @Named("c2")
  ClientInterceptor innerOfClient() {
    return new Client("c2", 2);
  }

  @Singleton
  @Named("s1")
  ServerInterceptor outerOfServer() {
    return new Server("s1", 1);
  }

  @Singleton
  @Named("s2")
  ServerInterceptor innerOfServer() {
    return new Server("s2", 2);
  }

  private record Client(String name, int getOrder) implements ClientInterceptor, Ordered {
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
  }

  private record Server(String name, int getOrder) implements ServerInterceptor, Ordered {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      String before = PASSED.get();
      Iterable<String> sent = before == null ? headers.getAll(KEY) : List.of(before);
      String passed = (sent == null ? "" : String.join(" ", sent)) + " " + name;
      Context context = Context.current().withValue(PASSED, passed.strip());
      PropagatedContext own = PropagatedContext.getOrEmpty().plus(new Note(name));
      ServerCall.Listener<A> listener = Contexts.interceptCall(context, call, headers, next);
      return new SimpleForwardingServerCallListener<>(listener) {
        @Override
        public void onMessage(A message) {
          try (PropagatedContext.Scope scope = own.propagate()) {
            super.onMessage(message);
          }
        }

        @Override
        public void onHalfClose() {
          try (PropagatedContext.Scope scope = own.propagate()) {
            super.onHalfClose();
          }
        }
      };
    }
  }
}
