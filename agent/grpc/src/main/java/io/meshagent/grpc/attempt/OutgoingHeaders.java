package io.meshagent.grpc.attempt;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.meshagent.grpc.base.MetadataCall;

/**
 * Shows a call the headers of each of its attempts, after the program's interceptors and just
 * before they are sent (gRPC lets a stream tracer and its factory change them), and tells it of the
 * first one that reaches a connection. One per call; gRPC calls it on the thread that makes the
 * stream.
 *
 * <p>From gRPC 1.40 on the headers are shown when the stream is created: factories that the
 * program's interceptors brought, gRPC's own OpenTelemetry plug-in for one, write theirs after ours
 * was asked, and whoever comes last has to see whether there is a trace already.
 */
public final class OutgoingHeaders extends ClientStreamTracer.Factory {

  private static final ClientStreamTracer NOTHING_TO_TRACE = new ClientStreamTracer() {};

  private static final boolean CREATION_IS_TOLD = isCreationTold();

  private final boolean shown;

  /** Volatile: set when the call starts, read by the thread that makes its stream. */
  private volatile MetadataCall call;

  /**
   * @param shown whether the call wants to see the headers
   */
  public OutgoingHeaders(boolean shown) {
    this.shown = shown;
  }

  /** The call starts; it was admitted. */
  public void of(MetadataCall started) {
    call = started;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    MetadataCall of = call;
    if (of == null) {
      return NOTHING_TO_TRACE;
    }
    if (shown && !CREATION_IS_TOLD) {
      of.sending(headers);
    }
    return new AttemptTracer(of, shown && CREATION_IS_TOLD);
  }

  private static boolean isCreationTold() {
    try {
      return ClientStreamTracer.class.getMethod("streamCreated", Attributes.class, Metadata.class)
          != null;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }
}
