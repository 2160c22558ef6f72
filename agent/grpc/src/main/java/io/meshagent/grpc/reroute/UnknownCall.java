package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Instance;
import io.meshagent.grpc.attempt.AttemptTracer;
import io.meshagent.grpc.base.MetadataCall;

/**
 * An attempt as a pick shows it, where nothing in its options says which call it belongs to.
 * Immutable.
 */
final class UnknownCall implements Attempt {

  private final PickSubchannelArgs args;

  UnknownCall(PickSubchannelArgs args) {
    this.args = args;
  }

  @Override
  public String method() {
    return args.getMethodDescriptor().getFullMethodName();
  }

  @Override
  public String header(String name) {
    return args.getHeaders().get(MetadataCall.key(name));
  }

  @Override
  public int number() {
    return AttemptTracer.number(args.getHeaders());
  }

  @Override
  public boolean hasTried(Instance instance) {
    return false;
  }
}
