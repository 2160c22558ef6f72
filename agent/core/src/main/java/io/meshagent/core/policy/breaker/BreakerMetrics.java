package io.meshagent.core.policy.breaker;

import io.meshagent.core.policy.base.PolicyMetrics;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What metrics tell of breakers. Stateless. */
final class BreakerMetrics {

  private static final List<String> STATES = Arrays.asList("closed", "open", "half_open");

  private BreakerMetrics() {}

  /**
   * How they stand.
   *
   * @param states the state of every breaker by its method, see {@link Breakers#states}
   */
  static void show(PolicyMetrics metrics, Supplier<Map<String, String>> states) {
    metrics.gauge(
        "mesh_breaker_state",
        "1 for the state that a method's circuit breaker is in, 0 for the others; forced_open and"
            + " forced_closed are there only while they are.",
        Arrays.asList("grpc_method", "state"),
        values -> states.get().forEach((method, state) -> add(values, method, state)));
  }

  private static void add(PolicyMetrics.Values values, String method, String state) {
    String present = state.toLowerCase(Locale.ROOT);
    for (String candidate : STATES) {
      values.add(candidate.equals(present) ? 1 : 0, method, candidate);
    }
    if (!STATES.contains(present)) {
      values.add(1, method, present);
    }
  }
}
