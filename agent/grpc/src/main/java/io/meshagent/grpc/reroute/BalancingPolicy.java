package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancerProvider;
import io.meshagent.grpc.base.GrpcInternals;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * By which policy an active channel is balanced, found by looking into gRPC. The program may name
 * it in the channel's builder or in its default service config, and the resolver in the service
 * config that comes with addresses. Confined to the channel's sync context.
 *
 * <p>gRPC goes over to another policy in the middle of a task, and publishes before and after: what
 * is asked here counts once such a task is over.
 */
final class BalancingPolicy {

  private static final String GRPC = "io.grpc.";
  private static final int DEEPEST = 8;

  /** Of grpc-services; its package was another one up to gRPC 1.37. */
  private static final String HEALTH_CHECKING = "HealthCheckingRoundRobinLoadBalancerProvider";

  /** Those that spread calls over equals, as we do. */
  private static final Set<String> PLAIN =
      new HashSet<>(Arrays.asList("pick_first", "round_robin"));

  private final Object channel;
  private final Object helper;

  /** Of the channel's default service config; null if that names none. */
  private final LoadBalancerProvider byDefault;

  /** Whether a service config of the resolver's counts. */
  private final boolean looksUp;

  /** Whether what the resolver says may name a policy. */
  private final boolean resolverCounts;

  /**
   * Whether the balancer of this active time has said anything. Before that, what gRPC keeps of the
   * last resolution is of the time before the channel was idle, for it is never reset.
   */
  private boolean heard;

  /** Whether the resolver has found addresses once. */
  private boolean resolved;

  /** gRPC's, which does by others what the configuration says; the same for the helper's life. */
  private Object balancer;

  /**
   * @param channel a {@code ManagedChannelImpl}
   * @param helper the one that it gave its balancer
   */
  BalancingPolicy(Object channel, Object helper) {
    this.channel = channel;
    this.helper = helper;
    this.byDefault = ServiceConfigs.provider(GrpcInternals.field(channel, "defaultServiceConfig"));
    this.looksUp = !Boolean.FALSE.equals(GrpcInternals.field(channel, "lookUpServiceConfig"));
    this.resolverCounts =
        looksUp && bringsServiceConfig(GrpcInternals.field(channel, "nameResolver"));
  }

  /** The channel's own balancer has published. */
  void heard() {
    heard = true;
  }

  /** The name of the policy if it is none of gRPC's plain ones; else null. */
  String own() {
    LoadBalancerProvider provider = provider();
    if (provider == null) {
      return null;
    }
    String name = provider.getPolicyName();
    boolean plain = PLAIN.contains(name) && isGrpcs(provider);
    return plain ? null : String.valueOf(name);
  }

  /** Whether the resolver, which may name another policy, has not said anything yet. */
  boolean mayBeNamedYet() {
    return resolverCounts && !(heard && hasResolverSpoken());
  }

  /**
   * The name for which the policy asks for the health of whom it connects to; null if it does not
   * ask. In gRPC it is the policy that does, and of the plain ones only the round robin of
   * grpc-services, where the service config has a name.
   */
  String checkedService() {
    LoadBalancerProvider provider = provider();
    return provider != null
            && isGrpcs(provider)
            && provider.getClass().getSimpleName().equals(HEALTH_CHECKING)
        ? ServiceConfigs.checkedService(serviceConfig())
        : null;
  }

  /** What counts now. */
  private Object serviceConfig() {
    return resolved && looksUp
        ? GrpcInternals.field(channel, "lastServiceConfig")
        : GrpcInternals.field(channel, "defaultServiceConfig");
  }

  private LoadBalancerProvider provider() {
    resolved = resolved || (heard && isResolved());
    if (byDefault != null && !resolved) {
      return byDefault;
    }
    if (balancer == null) {
      balancer = GrpcInternals.field(helper, "lb");
    }
    Object provider = GrpcInternals.field(balancer, "delegateProvider");
    return provider instanceof LoadBalancerProvider ? (LoadBalancerProvider) provider : null;
  }

  private boolean isResolved() {
    // Up to gRPC 1.27, and from 1.28 on.
    return Boolean.TRUE.equals(GrpcInternals.field(channel, "haveBackends"))
        || "SUCCESS".equals(String.valueOf(GrpcInternals.field(channel, "lastResolutionState")));
  }

  private boolean hasResolverSpoken() {
    Object state = GrpcInternals.field(channel, "lastResolutionState");
    return resolved
        || GrpcInternals.field(channel, "haveBackends") != null
        || (state != null && !"NO_RESOLUTION".equals(state.toString()));
  }

  /**
   * gRPC's own resolvers have addresses only, but for DNS where TXT records are switched on. The
   * one for grpclb names that, late: the channel is left alone from then on.
   */
  private static boolean bringsServiceConfig(Object resolver) {
    Object inner = resolver;
    for (int i = 0; i < DEEPEST && isGrpcs(inner); i++) {
      Object next = GrpcInternals.field(inner, "delegate");
      if (next == null) {
        return Boolean.TRUE.equals(GrpcInternals.field(inner, "enableTxt"));
      }
      inner = next;
    }
    return true;
  }

  private static boolean isGrpcs(Object part) {
    return part != null && part.getClass().getName().startsWith(GRPC);
  }
}
