package io.meshagent.grpc.client;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.meshagent.grpc.Headers;

/**
 * Shows a call the headers of each of its attempts, after the program's interceptors and just
 * before they are sent: gRPC lets a stream tracer's factory change them. One per call; gRPC calls
 * it on the thread that makes the stream.
 */
final class OutgoingHeaders extends ClientStreamTracer.Factory {

  private static final ClientStreamTracer NOTHING_TO_TRACE = new ClientStreamTracer() {};

  /** From 1.20 on. Before, the factory has another method, which would have to be implemented. */
  private static final boolean SUPPORTED = isSupported();

  /** Volatile: set when the call starts, read by the thread that makes its stream. */
  private volatile Headers call;

  private static boolean isSupported() {
    try {
      Class<?> info = Class.forName("io.grpc.ClientStreamTracer$StreamInfo");
      return ClientStreamTracer.Factory.class
              .getMethod("newClientStreamTracer", info, Metadata.class)
              .getDeclaringClass()
          == ClientStreamTracer.Factory.class;
    } catch (ReflectiveOperationException | LinkageError e) {
      return false;
    }
  }

  /** One for a call, or null where gRPC is too old. */
  static OutgoingHeaders create() {
    return SUPPORTED ? new OutgoingHeaders() : null;
  }

  /** The call starts; it was admitted. */
  void of(Headers started) {
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
