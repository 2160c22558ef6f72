package io.meshagent.grpc.client;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;

/** Sees the end of a call before the program does. Called by gRPC, one event after the other. */
final class EndingListener<B>
    extends ForwardingClientCallListener.SimpleForwardingClientCallListener<B> {

  private final OutgoingCall call;
  private final GovernedCall<?, B> of;

  EndingListener(ClientCall.Listener<B> delegate, OutgoingCall call, GovernedCall<?, B> of) {
    super(delegate);
    this.call = call;
    this.of = of;
  }

  @Override
  public void onHeaders(Metadata headers) {
    call.responded();
    call.delivered();
    call.headersCame(headers);
    super.onHeaders(headers);
  }

  @Override
  public void onMessage(B message) {
    call.delivered();
    call.messageCame(message);
    super.onMessage(message);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    of.ended(status, trailers, delegate());
  }
}
