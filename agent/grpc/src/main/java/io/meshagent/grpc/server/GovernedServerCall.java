package io.meshagent.grpc.server;

import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/** Remembers the status that the program closed a call with. */
final class GovernedServerCall<A, B> extends ForwardingServerCall.SimpleForwardingServerCall<A, B> {

  /** Volatile: a handler may close on any thread, the listener reads on gRPC's. */
  private volatile Status closedWith;

  GovernedServerCall(ServerCall<A, B> delegate) {
    super(delegate);
  }

  @Override
  public void close(Status status, Metadata trailers) {
    closedWith = status;
    super.close(status, trailers);
  }

  /** gRPC closes with UNKNOWN when a callback of the program throws. */
  void threw(Throwable cause) {
    if (closedWith == null) {
      closedWith = Status.UNKNOWN.withDescription(String.valueOf(cause));
    }
  }

  /** The status, or null if the call was not closed by the program. */
  Status closedWith() {
    return closedWith;
  }
}
