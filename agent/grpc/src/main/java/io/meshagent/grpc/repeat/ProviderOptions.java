package io.meshagent.grpc.repeat;

import io.grpc.CallOptions;
import io.meshagent.core.api.Rights;
import io.meshagent.core.call.RepeatRule;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * gRPC 1.22 to 1.32: each call has two options that provide its policies once they are known. Ours
 * ask the program's first, whose service config may come late.
 */
final class ProviderOptions extends PolicyOption {

  private static final String INTERNAL = "io.grpc.internal.";

  private final MethodInfos infos;
  private final Kind retries;
  private final Kind hedging;

  /** With our rights. */
  ProviderOptions(ClassLoader grpc, MethodInfos infos) throws ReflectiveOperationException {
    this.infos = infos;
    this.retries = new Kind(grpc, "RetryPolicy", "RETRY_POLICY_KEY");
    this.hedging = new Kind(grpc, "HedgingPolicy", "HEDGING_POLICY_KEY");
  }

  @Override
  CallOptions with(CallOptions options, RepeatRule rule) {
    Object retriesBefore = options.getOption(retries.key);
    Object hedgingBefore = options.getOption(hedging.key);
    if (retriesBefore == null || hedgingBefore == null) {
      // Not a stream that may be retried.
      return null;
    }
    boolean isHedging = rule.isHedging();
    Kind used = isHedging ? hedging : retries;
    Policy programs = () -> used.policy(isHedging ? hedgingBefore : retriesBefore);
    try {
      if (!isNone(retriesBefore, hedgingBefore)) {
        return null;
      }
      Object info = infos.of(rule);
      Object ours = isHedging ? infos.hedgingPolicy(info) : infos.retryPolicy(info);
      return options.withOption(
          used.key,
          used.provider(() -> isNone(retriesBefore, hedgingBefore) ? ours : programs.get()));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  private boolean isNone(Object retriesBefore, Object hedgingBefore)
      throws ReflectiveOperationException {
    return retries.isNone(retriesBefore) && hedging.isNone(hedgingBefore);
  }

  private interface Policy {
    Object get() throws ReflectiveOperationException;
  }

  /** One of the two kinds of policies. */
  private static final class Kind {
    private final CallOptions.Key<Object> key;
    private final Class<?> type;
    private final Method get;
    private final Object none;

    Kind(ClassLoader grpc, String policy, String constant) throws ReflectiveOperationException {
      Class<?> interceptor = Class.forName(INTERNAL + "ServiceConfigInterceptor", true, grpc);
      Class<?> policyType = Class.forName(INTERNAL + policy, true, grpc);
      key = MethodInfos.key(interceptor, constant);
      type = Class.forName(INTERNAL + policy + "$Provider", true, grpc);
      get = type.getDeclaredMethod("get");
      get.setAccessible(true);
      Field field = policyType.getDeclaredField("DEFAULT");
      field.setAccessible(true);
      none = field.get(null);
      if (key == null) {
        throw new NoSuchFieldException(constant);
      }
    }

    Object policy(Object provider) throws ReflectiveOperationException {
      try {
        return get.invoke(provider);
      } catch (InvocationTargetException e) {
        return none;
      }
    }

    boolean isNone(Object provider) throws ReflectiveOperationException {
      return none.equals(policy(provider));
    }

    /** The interface is gRPC's own, so that only a proxy in gRPC's loader can be one. */
    Object provider(Policy policy) {
      return Rights.ours(
          () ->
              Proxy.newProxyInstance(
                  type.getClassLoader(),
                  new Class<?>[] {type},
                  (self, method, arguments) -> {
                    switch (method.getName()) {
                      case "get":
                        return policy.get();
                      case "hashCode":
                        return System.identityHashCode(self);
                      case "equals":
                        return self == arguments[0];
                      default:
                        return type.getSimpleName();
                    }
                  }));
    }
  }
}
