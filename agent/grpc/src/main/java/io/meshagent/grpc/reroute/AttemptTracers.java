package io.meshagent.grpc.reroute;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Attempts;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Survived;
import io.meshagent.core.api.Unimplemented;
import io.meshagent.grpc.base.Statuses;

/**
 * Counts the attempts on one instance where they really begin and end: at the stream. A pick would
 * be the wrong place, since one attempt may be picked for several times.
 */
class AttemptTracers extends ClientStreamTracer.Factory {

  final Attempts attempts;
  final Mesh mesh;

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
  private static class Tracer extends ClientStreamTracer {

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
      attempts.end(Statuses.code(status), mesh.nanoTime() - began);
    }
  }

  /** For one attempt that asks whether an instance knows a method. */
  static final class Asking extends AttemptTracers {

    private final Unimplemented about;
    private final Instance asked;

    Asking(Attempts attempts, Mesh mesh, Unimplemented about, Instance asked) {
      super(attempts, mesh);
      this.about = about;
      this.asked = asked;
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      attempts.begin();
      return new Tracer(attempts, mesh) {
        @Override
        public void inboundHeaders() {
          answered();
        }

        @Override
        public void streamClosed(Status status) {
          super.streamClosed(status);
          if (isAnswer(status.getCode())) {
            answered();
          }
        }
      };
    }

    /** Whether the program there has said so, and no one on the way, or this side. */
    private static boolean isAnswer(Status.Code code) {
      return code != Status.Code.UNIMPLEMENTED
          && code != Status.Code.UNAVAILABLE
          && code != Status.Code.CANCELLED
          && code != Status.Code.DEADLINE_EXCEEDED;
    }

    private void answered() {
      try {
        about.answeredBy(asked, mesh.nanoTime());
      } catch (Throwable e) {
        Survived.tell(mesh, ChannelRouter.PLACE, e);
      }
    }
  }
}
