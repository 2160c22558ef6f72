package com.example.springs;

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

/** Interceptors that leave a mark each on the way of a call, so that its reply can name them all. */
public final class Trail {

  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("trail", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<String> SO_FAR = Context.key("trail");

  private Trail() {}

  /** The marks so far, in order; for the handler of a call. */
  static String ofThisCall() {
    return SO_FAR.get();
  }

  /** Marks the headers of a call. */
  public static ClientInterceptor client(String mark) {
    return new ClientInterceptor() {
      @Override
      public <A, B> ClientCall<A, B> interceptCall(
          MethodDescriptor<A, B> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<A, B>(next.newCall(method, options)) {
          @Override
          public void start(Listener<B> listener, Metadata headers) {
            headers.put(HEADER, mark);
            super.start(listener, headers);
          }
        };
      }
    };
  }

  /** Marks the context of a call. */
  public static ServerInterceptor server(String mark) {
    return new ServerInterceptor() {
      @Override
      public <A, B> ServerCall.Listener<A> interceptCall(
          ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        StringBuilder trail = new StringBuilder();
        if (SO_FAR.get() != null) {
          trail.append(SO_FAR.get());
        } else if (headers.containsKey(HEADER)) {
          headers.getAll(HEADER).forEach(each -> trail.append(each).append(','));
        }
        trail.append(mark).append(',');
        Context marked = Context.current().withValue(SO_FAR, trail.toString());
        return Contexts.interceptCall(marked, call, headers, next);
      }
    };
  }
}
