package io.meshagent.grpc.attempt;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.meshagent.grpc.Headers;

/**
 * Shows a call the headers of each of its attempts, after the program's interceptors and just
 * before they are sent: gRPC lets a stream tracer's factory change them. One per call; gRPC calls
 * it on the thread that makes the stream.
 */
public final class OutgoingHeaders extends ClientStreamTracer.Factory {

  private static final ClientStreamTracer NOTHING_TO_TRACE = new ClientStreamTracer() {};

  /** Volatile: set when the call starts, read by the thread that makes its stream. */
  private volatile Headers call;

  /** The call starts; it was admitted. */
  public void of(Headers started) {
    call = started;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    Headers of = call;
    if (of != null) {
      of.sending(headers);
    }
    return NOTHING_TO_TRACE;
  }
}
