package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Instance;
import io.meshagent.grpc.attempt.AttemptTracer;
import io.meshagent.grpc.base.MetadataCall;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An attempt as a pick shows it, where nothing in its options says which call it belongs to. For
 * one pick.
 */
final class UnknownCall implements Attempt {

  private final PickSubchannelArgs args;

  /** Negative until somebody asks. Confined to the pick. */
  private double chance = -1;

  UnknownCall(PickSubchannelArgs args) {
    this.args = args;
  }

  @Override
  public String method() {
    return args.getMethodDescriptor().getFullMethodName();
  }

  @Override
  public String header(String name) {
    return MetadataCall.allOf(args.getHeaders(), name);
  }

  @Override
  public int number() {
    return AttemptTracer.number(args.getHeaders());
  }

  @Override
  public double chance() {
    if (chance < 0) {
      chance = ThreadLocalRandom.current().nextDouble();
    }
    return chance;
  }

  @Override
  public boolean hasTried(Instance instance) {
    return false;
  }
}
