package io.meshagent.grpc.server;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.call.CallPlan;
import io.meshagent.grpc.base.MetadataCall;
import java.util.List;
import java.util.concurrent.Executor;

/** A call that a server of the program got. */
final class IncomingCall extends MetadataCall {

  private final ServerCall<?, ?> call;

  /** Null until a stage asks whether the call can wait, and where it can't. */
  private Executor executor;

  IncomingCall(CallPlan plan, Mesh mesh, Metadata headers, ServerCall<?, ?> call) {
    super(plan, mesh, headers);
    this.call = call;
  }

  @Override
  public Object peer() {
    // Null from a call of the program's own that comes from no connection.
    Attributes attributes = call.getAttributes();
    return attributes == null ? null : attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
  }

  @Override
  public List<String> certified() {
    return PeerNames.of(call.getAttributes());
  }

  @Override
  protected boolean isKeepable() {
    if (executor == null) {
      executor = CallExecutor.of(call);
    }
    return executor != null;
  }

  /** Where the call's events come, one after the other. Of a call that can wait. */
  Executor executor() {
    return executor;
  }
}
