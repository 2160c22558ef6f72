package io.meshagent.grpc.client;

import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.grpc.base.LogIds;

/**
 * A call that a handler makes: has the ids of the handler's own call in the program's log context
 * while the program is told of this one, whoever tells it. As thread-safe as gRPC asks of a call.
 */
final class LoggedCall<A, B> extends ForwardingClientCall.SimpleForwardingClientCall<A, B> {

  private final LogIds ids;

  private LoggedCall(ClientCall<A, B> delegate, LogIds ids) {
    super(delegate);
    this.ids = ids;
  }

  /**
   * The call to use.
   *
   * @param ids null for none
   */
  static <A, B> ClientCall<A, B> of(ClientCall<A, B> call, LogIds ids) {
    return ids == null ? call : new LoggedCall<>(call, ids);
  }

  @Override
  public void start(Listener<B> listener, Metadata headers) {
    // Without a listener it is the program's mistake, and gRPC's to complain of.
    super.start(listener == null ? null : new Logged<>(listener, ids), headers);
  }

  /** A program that logs its calls sees what it saw before. */
  @Override
  public String toString() {
    return delegate().toString();
  }

  /** What the program is told. */
  private static final class Logged<B>
      extends ForwardingClientCallListener.SimpleForwardingClientCallListener<B> {

    private final LogIds ids;

    Logged(Listener<B> delegate, LogIds ids) {
      super(delegate);
      this.ids = ids;
    }

    @Override
    public void onHeaders(Metadata headers) {
      ids.around(() -> super.onHeaders(headers));
    }

    @Override
    public void onMessage(B message) {
      ids.around(() -> super.onMessage(message));
    }

    @Override
    public void onReady() {
      ids.around(() -> super.onReady());
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ids.around(() -> super.onClose(status, trailers));
    }
  }
}
