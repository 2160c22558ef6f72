package io.meshagent.grpc.attempt;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.meshagent.grpc.Headers;

/**
 * Shows a call the headers of each of its attempts, after the program's interceptors and just
 * before they are sent (gRPC lets a stream tracer's factory change them), and tells it of the first
 * one that reaches a connection. One per call; gRPC calls it on the thread that makes the stream.
 */
public final class OutgoingHeaders extends ClientStreamTracer.Factory {

  private static final ClientStreamTracer NOTHING_TO_TRACE = new ClientStreamTracer() {};

  private final boolean shown;

  /** Volatile: set when the call starts, read by the thread that makes its stream. */
  private volatile Headers call;

  /**
   * @param shown whether the call wants to see the headers
   */
  public OutgoingHeaders(boolean shown) {
    this.shown = shown;
  }

  /** The call starts; it was admitted. */
  public void of(Headers started) {
    call = started;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    Headers of = call;
    if (of == null) {
      return NOTHING_TO_TRACE;
    }
    if (shown) {
      of.sending(headers);
    }
    return new Leaving(of);
  }

  /** One attempt. gRPC tells it when the headers were written; not, of one that never left. */
  private static final class Leaving extends ClientStreamTracer {
    private final Headers call;

    Leaving(Headers call) {
      this.call = call;
    }

    @Override
    public void outboundHeaders() {
      if (!call.hasLeft()) {
        call.left();
      }
    }
  }
}
