package io.meshagent.grpc.attempt;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.meshagent.grpc.base.MetadataCall;

/**
 * One attempt of a call. gRPC calls it on the threads of the stream, and tells it that headers were
 * written only of an attempt that left.
 */
final class AttemptTracer extends ClientStreamTracer {

  private final MetadataCall call;
  private final boolean shows;

  /**
   * @param shows whether the call wants to see the headers when the stream is created
   */
  AttemptTracer(MetadataCall call, boolean shows) {
    this.call = call;
    this.shows = shows;
  }

  /** Overrides what came with gRPC 1.40. The headers may be changed still. */
  public void streamCreated(Attributes connection, Metadata headers) {
    if (shows) {
      call.sending(headers);
    }
  }

  @Override
  public void outboundHeaders() {
    if (!call.hasLeft()) {
      call.left();
    }
  }
}
