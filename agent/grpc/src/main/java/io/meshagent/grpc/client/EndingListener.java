package io.meshagent.grpc.client;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.grpc.base.MetadataCall;

/** Sees the end of a call before the program does. Called by gRPC, one event after the other. */
final class EndingListener<B>
    extends ForwardingClientCallListener.SimpleForwardingClientCallListener<B> {

  private final MetadataCall call;
  private final GovernedCall<?, B> of;

  EndingListener(ClientCall.Listener<B> delegate, MetadataCall call, GovernedCall<?, B> of) {
    super(delegate);
    this.call = call;
    this.of = of;
  }

  @Override
  public void onHeaders(Metadata headers) {
    call.responded();
    super.onHeaders(headers);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    of.ended(call, status, trailers);
    super.onClose(of.named(call, status), trailers);
  }
}
