package io.meshagent.grpc.attempt;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/** Makes the tracers of attempts that go to one instance. Immutable; there is one a picker. */
public final class InstanceTracers extends ClientStreamTracer.Factory {

  private final Destination destination;

  public InstanceTracers(Destination destination) {
    this.destination = destination;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    InstanceTracer tracer = new InstanceTracer(destination, headers);
    if (!AttemptTracers.CREATION_IS_TOLD) {
      tracer.created(headers);
    }
    return tracer;
  }
}
