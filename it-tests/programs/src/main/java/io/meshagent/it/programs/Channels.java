package io.meshagent.it.programs;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.lang.reflect.Field;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The client's channels by what they were asked for with. For one thread. */
final class Channels {

  private final Map<String, ManagedChannel> channels = new LinkedHashMap<>();

  ManagedChannel get(String kindAndTarget) {
    return channels.computeIfAbsent(kindAndTarget, Channels::build);
  }

  private static ManagedChannel build(String kindAndTarget) {
    int at = kindAndTarget.indexOf(':');
    String kind = kindAndTarget.substring(0, at);
    String target = kindAndTarget.substring(at + 1);
    switch (kind) {
      case "target":
        return ManagedChannelBuilder.forTarget(target).usePlaintext().build();
      case "address":
        int colon = target.lastIndexOf(':');
        int port = Integer.parseInt(target.substring(colon + 1));
        return ManagedChannelBuilder.forAddress(target.substring(0, colon), port)
            .usePlaintext()
            .build();
      case "retrying":
        return ManagedChannelBuilder.forTarget(target)
            .usePlaintext()
            .enableRetry()
            .defaultServiceConfig(retries())
            .build();
      case "enabled":
        return ManagedChannelBuilder.forTarget(target).usePlaintext().enableRetry().build();
      case "disabled":
        return ManagedChannelBuilder.forTarget(target).usePlaintext().disableRetry().build();
      case "tracing":
        return ManagedChannelBuilder.forTarget(target)
            .usePlaintext()
            .intercept(new OwnTraces())
            .build();
      case "signed":
        return ManagedChannelBuilder.forTarget(target)
            .usePlaintext()
            .intercept(MetadataUtils.newAttachHeadersInterceptor(Signature.headers()))
            .build();
      case "alive":
        return aliveEachSecond(
            ManagedChannelBuilder.forTarget(target)
                .usePlaintext()
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true));
      case "grpc":
        return newChannelBuilder(target).build();
      case "policy":
        OwnBalancer.register(OwnBalancer.NAME);
        return ManagedChannelBuilder.forTarget(target)
            .usePlaintext()
            .defaultLoadBalancingPolicy(OwnBalancer.NAME)
            .build();
      case "config":
        OwnBalancer.register(OwnBalancer.NAME);
        String policy = target.substring(0, target.indexOf(':'));
        return ManagedChannelBuilder.forTarget(target.substring(policy.length() + 1))
            .usePlaintext()
            .defaultServiceConfig(ToldResolver.balancedBy(policy))
            .build();
      case "checked":
        String service = target.substring(0, target.indexOf(':'));
        return ManagedChannelBuilder.forTarget(target.substring(service.length() + 1))
            .usePlaintext()
            .defaultServiceConfig(checking(service))
            .build();
      case "replaced":
        OwnBalancer.register("pick_first");
        return ManagedChannelBuilder.forTarget(target).usePlaintext().build();
      case "told":
        OwnBalancer.register(OwnBalancer.NAME);
        ToldResolver.register();
        return ManagedChannelBuilder.forTarget("told:///" + target).usePlaintext().build();
      default:
        throw new IllegalArgumentException(kindAndTarget);
    }
  }

  /** Ten seconds is the shortest that gRPC takes; ten times faster, tests are ten times shorter. */
  private static ManagedChannel aliveEachSecond(ManagedChannelBuilder<?> builder) {
    try {
      Field nanos = builder.getClass().getDeclaredField("keepAliveTimeNanos");
      nanos.setAccessible(true);
      nanos.setLong(builder, TimeUnit.SECONDS.toNanos(1));
      return builder.build();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this gRPC keeps its keep-alive elsewhere", e);
    }
  }

  /** Round robin over those that say of this service that it serves, by gRPC's proposal A17. */
  private static Map<String, Object> checking(String service) {
    Map<String, Object> config = new LinkedHashMap<>(ToldResolver.balancedBy("round_robin"));
    config.put("healthCheckConfig", Collections.singletonMap("serviceName", service));
    return config;
  }

  /** What most programs have that retry: gRPC's own example, and nothing but UNAVAILABLE. */
  private static Map<String, Object> retries() {
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("maxAttempts", 4.0);
    policy.put("initialBackoff", "0.05s");
    policy.put("maxBackoff", "0.5s");
    policy.put("backoffMultiplier", 2.0);
    policy.put("retryableStatusCodes", Collections.singletonList("UNAVAILABLE"));
    Map<String, Object> method = new LinkedHashMap<>();
    method.put("name", Collections.singletonList(Collections.emptyMap()));
    method.put("retryPolicy", policy);
    return Collections.singletonMap("methodConfig", Collections.singletonList(method));
  }

  /** By reflection: these came with gRPC 1.34, and the program has to run on 1.22 too. */
  private static ManagedChannelBuilder<?> newChannelBuilder(String target) {
    try {
      Class<?> credentials = Class.forName("io.grpc.ChannelCredentials");
      Object insecure =
          Class.forName("io.grpc.InsecureChannelCredentials").getMethod("create").invoke(null);
      return (ManagedChannelBuilder<?>)
          Class.forName("io.grpc.Grpc")
              .getMethod("newChannelBuilder", String.class, credentials)
              .invoke(null, target, insecure);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this gRPC has no Grpc.newChannelBuilder", e);
    }
  }

  void close(long time, TimeUnit unit) throws InterruptedException {
    for (ManagedChannel channel : channels.values()) {
      channel.shutdown();
    }
    for (ManagedChannel channel : channels.values()) {
      channel.awaitTermination(time, unit);
    }
  }
}
