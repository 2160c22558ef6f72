package io.meshagent.grpc.reroute;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Attempts;
import io.meshagent.core.api.Mesh;
import io.meshagent.grpc.Headers;

/**
 * Counts the attempts on one instance where they really begin and end: at the stream. A pick would
 * be the wrong place, since one attempt may be picked for several times.
 */
final class AttemptTracers extends ClientStreamTracer.Factory {

  private final Attempts attempts;
  private final Mesh mesh;

  AttemptTracers(Attempts attempts, Mesh mesh) {
    this.attempts = attempts;
    this.mesh = mesh;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    attempts.begin();
    return new Tracer(attempts, mesh);
  }

  /** One attempt. Called by gRPC's transport threads; gRPC closes it exactly once. */
  private static final class Tracer extends ClientStreamTracer {

    private final Attempts attempts;
    private final Mesh mesh;
    private final long began;

    Tracer(Attempts attempts, Mesh mesh) {
      this.attempts = attempts;
      this.mesh = mesh;
      this.began = mesh.nanoTime();
    }

    @Override
    public void streamClosed(Status status) {
      attempts.end(Headers.code(status), mesh.nanoTime() - began);
    }
  }
}
