package io.meshagent.grpc.repeat;

import io.grpc.CallOptions;
import io.meshagent.core.api.Rights;
import io.meshagent.core.call.RepeatRule;
import io.meshagent.grpc.base.IdentityCache;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * gRPC's {@code ManagedChannelServiceConfig.MethodInfo}: what a service config says of a method,
 * made of the same map that is made of its JSON. All versions from 1.22 on have the same
 * constructor and fields. Thread-safe.
 *
 * @see <a href="https://github.com/grpc/proposal/blob/master/A6-client-retries.md">gRFC A6</a>
 */
final class MethodInfos {

  private static final String TYPE = "io.grpc.internal.ManagedChannelServiceConfig$MethodInfo";

  /** gRPC's own limit, which ours is within. */
  private static final int MOST_ATTEMPTS = 5;

  private final Constructor<?> constructor;
  private final Field retryPolicy;
  private final Field hedgingPolicy;

  /** Null up to gRPC 1.32, where calls have the policies themselves among their options. */
  private final CallOptions.Key<Object> key;

  private final IdentityCache<RepeatRule, Object> made = new IdentityCache<>();

  /** With our rights. */
  MethodInfos(ClassLoader grpc) throws ReflectiveOperationException {
    Class<?> type = Class.forName(TYPE, true, grpc);
    constructor = type.getDeclaredConstructor(Map.class, boolean.class, int.class, int.class);
    constructor.setAccessible(true);
    retryPolicy = opened(type.getDeclaredField("retryPolicy"));
    hedgingPolicy = opened(type.getDeclaredField("hedgingPolicy"));
    key = key(type, "KEY");
  }

  private static Field opened(Field field) {
    field.setAccessible(true);
    return field;
  }

  /** The key that a class keeps in a constant; null if it has none of that name. */
  @SuppressWarnings("unchecked") // gRPC reads with the same key what is put in by it.
  static CallOptions.Key<Object> key(Class<?> of, String constant)
      throws ReflectiveOperationException {
    for (Field field : of.getDeclaredFields()) {
      if (field.getName().equals(constant)) {
        return (CallOptions.Key<Object>) opened(field).get(null);
      }
    }
    return null;
  }

  /** Whether it is an option of calls itself. */
  boolean isOption() {
    return key != null;
  }

  CallOptions.Key<Object> key() {
    return key;
  }

  /** The policy of retries in an info; null or the default for none. */
  Object retryPolicy(Object info) throws IllegalAccessException {
    return retryPolicy.get(info);
  }

  /** The same of hedges. */
  Object hedgingPolicy(Object info) throws IllegalAccessException {
    return hedgingPolicy.get(info);
  }

  /** An info with a policy that says what the rule does, and nothing else. */
  Object of(RepeatRule rule) {
    Object known = made.find(rule);
    return known != null ? known : made.add(rule, Rights.ours(() -> make(rule)));
  }

  private Object make(RepeatRule rule) {
    Map<String, Object> config =
        Collections.singletonMap(
            rule.isHedging() ? "hedgingPolicy" : "retryPolicy",
            rule.isHedging() ? hedging(rule) : retries(rule));
    try {
      return constructor.newInstance(config, true, MOST_ATTEMPTS, MOST_ATTEMPTS);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> retries(RepeatRule rule) {
    Map<String, Object> policy = new HashMap<>();
    policy.put("maxAttempts", (double) rule.attempts());
    policy.put("initialBackoff", seconds(rule.firstBackoffNanos()));
    policy.put("maxBackoff", seconds(rule.mostBackoffNanos()));
    policy.put("backoffMultiplier", rule.backoffFactor());
    policy.put("retryableStatusCodes", rule.codes());
    return policy;
  }

  private static Map<String, Object> hedging(RepeatRule rule) {
    Map<String, Object> policy = new HashMap<>();
    policy.put("maxAttempts", (double) rule.attempts());
    policy.put("hedgingDelay", seconds(rule.hedgeDelayNanos()));
    policy.put("nonFatalStatusCodes", rule.codes());
    return policy;
  }

  /** As durations stand in JSON. */
  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%d.%09ds", nanos / 1_000_000_000, nanos % 1_000_000_000);
  }
}
