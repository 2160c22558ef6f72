package com.example.quarkus;

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
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;
import java.util.List;

/** Interceptors that write their names into a header, then the context: who ran, how often. */
final class Trail {

  static final Context.Key<String> PASSED = Context.key("passed");

  private static final Metadata.Key<String> KEY =
      Metadata.Key.of("trail", Metadata.ASCII_STRING_MARSHALLER);

  private Trail() {}

  /** The outer one of the client's. */
  @GlobalInterceptor
  @ApplicationScoped
  public static class C1 extends Client {
    C1() {
      super("c1", 20);
    }
  }

  /** The inner one. */
  @GlobalInterceptor
  @ApplicationScoped
  public static class C2 extends Client {
    C2() {
      super("c2", 10);
    }
  }

  /** The outer one of the server's. */
  @GlobalInterceptor
  @ApplicationScoped
  public static class S1 extends Server {
    S1() {
      super("s1", 20);
    }
  }

  /** The inner one. */
  @GlobalInterceptor
  @ApplicationScoped
  public static class S2 extends Server {
    S2() {
      super("s2", 10);
    }
  }

  private abstract static class Client implements ClientInterceptor, Prioritized {
    private final String name;
    private final int priority;

    Client(String name, int priority) {
      this.name = name;
      this.priority = priority;
    }

    @Override
    public int getPriority() {
      return priority;
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
  }

  private abstract static class Server implements ServerInterceptor, Prioritized {
    private final String name;
    private final int priority;

    Server(String name, int priority) {
      this.name = name;
      this.priority = priority;
    }

    @Override
    public int getPriority() {
      return priority;
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
}
