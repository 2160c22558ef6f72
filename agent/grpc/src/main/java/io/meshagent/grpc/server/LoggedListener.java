package io.meshagent.grpc.server;

import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.meshagent.grpc.base.LogIds;

/**
 * Has the ids of a call in the program's log context while its handler and its interceptors run.
 * Called by gRPC, one event after the other; the program's calls that are made here do the same
 * with what is told of them.
 */
final class LoggedListener<A>
    extends ForwardingServerCallListener.SimpleForwardingServerCallListener<A> {

  private final LogIds ids;

  private LoggedListener(ServerCall.Listener<A> delegate, LogIds ids) {
    super(delegate);
    this.ids = ids;
  }

  /** Starts a call; null if the handler says so. */
  static <A, B> ServerCall.Listener<A> start(
      LogIds ids, ServerCallHandler<A, B> next, ServerCall<A, B> call, Metadata headers) {
    ServerCall.Listener<A> listener;
    Object entered = ids.enter();
    try {
      listener = next.startCall(call, headers);
    } finally {
      ids.leave(entered);
    }
    return listener == null ? null : new LoggedListener<>(listener, ids);
  }

  @Override
  public void onMessage(A message) {
    ids.around(() -> super.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    ids.around(() -> super.onHalfClose());
  }

  @Override
  public void onReady() {
    ids.around(() -> super.onReady());
  }

  @Override
  public void onComplete() {
    ids.around(() -> super.onComplete());
  }

  @Override
  public void onCancel() {
    ids.around(() -> super.onCancel());
  }
}
