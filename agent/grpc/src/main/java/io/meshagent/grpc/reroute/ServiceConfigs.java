package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.meshagent.grpc.base.GrpcInternals;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;

/**
 * What a service config says, as a channel keeps it: the text's map up to gRPC 1.27, then what was
 * made of it, which 1.28 has in an envelope. Stateless.
 */
final class ServiceConfigs {

  private ServiceConfigs() {}

  /** The balancing policy; null if it names none that there is. */
  static LoadBalancerProvider provider(Object serviceConfig) {
    if (serviceConfig instanceof Map) {
      return named((Map<?, ?>) serviceConfig);
    }
    Object inEnvelope = GrpcInternals.field(serviceConfig, "managedChannelServiceConfig");
    Object parsed = inEnvelope != null ? inEnvelope : serviceConfig;
    Object provider =
        GrpcInternals.field(GrpcInternals.field(parsed, "loadBalancingConfig"), "provider");
    return provider instanceof LoadBalancerProvider ? (LoadBalancerProvider) provider : null;
  }

  /** The first that there is, as gRPC chooses. */
  private static LoadBalancerProvider named(Map<?, ?> serviceConfig) {
    LoadBalancerRegistry registry = LoadBalancerRegistry.getDefaultRegistry();
    Object configs = serviceConfig.get("loadBalancingConfig");
    if (configs instanceof Collection) {
      for (Object each : (Collection<?>) configs) {
        for (Object name :
            each instanceof Map ? ((Map<?, ?>) each).keySet() : Collections.EMPTY_SET) {
          LoadBalancerProvider provider = registry.getProvider(String.valueOf(name));
          if (provider != null) {
            return provider;
          }
        }
      }
    }
    Object policy = serviceConfig.get("loadBalancingPolicy");
    return policy == null
        ? null
        : registry.getProvider(String.valueOf(policy).toLowerCase(Locale.ROOT));
  }

  /** {@code healthCheckConfig.serviceName}, which may be empty; null if there is none. */
  static String checkedService(Object serviceConfig) {
    Object name = healthChecks(serviceConfig).get("serviceName");
    return name instanceof String ? (String) name : null;
  }

  private static Map<?, ?> healthChecks(Object serviceConfig) {
    // Up to gRPC 1.28 the text's map is all that there is of them.
    Object raw =
        serviceConfig instanceof Map
            ? serviceConfig
            : GrpcInternals.field(serviceConfig, "rawServiceConfig");
    Object checks =
        raw instanceof Map
            ? ((Map<?, ?>) raw).get("healthCheckConfig")
            : GrpcInternals.field(serviceConfig, "healthCheckingConfig");
    return checks instanceof Map ? (Map<?, ?>) checks : Collections.emptyMap();
  }
}
