package io.meshagent.core.call;

import io.meshagent.core.api.Side;

/** Where adapters get the plans of methods from. One per JVM; thread-safe, and throws nothing. */
public interface PlanSource {

  /**
   * The plan of a method: the slow look-up by name, for the adapter's cache to fill from with those
   * that are {@linkplain CallPlan#isKept kept}.
   *
   * @param method the full method name, {@code package.Service/Method}
   * @param kind which sides of its calls may send more than one message
   * @return null if calls of this method are none of our business (the program's own etcd, say)
   */
  CallPlan plan(Side side, String method, MethodKind kind);
}
