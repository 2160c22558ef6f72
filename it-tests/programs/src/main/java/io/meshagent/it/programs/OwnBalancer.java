package io.meshagent.it.programs;

import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;

/**
 * A balancing policy of the program's own, as far as gRPC and the agent can tell: it does what
 * gRPC's pick_first does, under another name or in its place.
 */
final class OwnBalancer extends LoadBalancerProvider {

  /** Its usual name. */
  static final String NAME = "own_policy";

  private static final LoadBalancerProvider PICK_FIRST =
      LoadBalancerRegistry.getDefaultRegistry().getProvider("pick_first");

  private final String name;

  private OwnBalancer(String name) {
    this.name = name;
  }

  static void register(String name) {
    LoadBalancerRegistry registry = LoadBalancerRegistry.getDefaultRegistry();
    LoadBalancerProvider known = registry.getProvider(name);
    if (!(known instanceof OwnBalancer)) {
      registry.register(new OwnBalancer(name));
    }
  }

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public int getPriority() {
    return 9;
  }

  @Override
  public String getPolicyName() {
    return name;
  }

  @Override
  public LoadBalancer newLoadBalancer(LoadBalancer.Helper helper) {
    return PICK_FIRST.newLoadBalancer(helper);
  }
}
