package io.meshagent.it.programs;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/**
 * Says of a call that failed whether its response had begun: from there on nobody may send it
 * again. A server that is killed between the headers of a response and its end leaves such a call.
 */
final class BegunResponses implements ClientInterceptor {

  @Override
  public <A, B> ClientCall<A, B> interceptCall(
      MethodDescriptor<A, B> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<A, B>(next.newCall(method, options)) {
      @Override
      public void start(Listener<B> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<B>(listener) {
              private boolean begun;

              @Override
              public void onHeaders(Metadata its) {
                begun = true;
                super.onHeaders(its);
              }

              @Override
              public void onClose(Status status, Metadata trailers) {
                boolean told = begun && !status.isOk();
                super.onClose(
                    told ? status.augmentDescription("after its response had begun") : status,
                    trailers);
              }
            },
            headers);
      }
    };
  }
}
