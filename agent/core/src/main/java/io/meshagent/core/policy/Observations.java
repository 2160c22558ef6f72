package io.meshagent.core.policy;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.log.Log;
import io.meshagent.core.policy.base.PolicyMetrics;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What policies would have done with calls that were only observed. Bounded: there are few
 * policies, two sides and three verdicts. Thread-safe.
 */
final class Observations {

  /** By policy, side and verdict with blanks between. */
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  /**
   * A call was let go on that would not have been.
   *
   * @param verdict one word
   * @param what for people, after "would have"
   */
  void would(String policy, CallPlan plan, String verdict, String what) {
    String side = plan.side() == Side.CLIENT ? "client" : "server";
    String key = policy + " " + side + " " + verdict;
    LongAdder count = counts.get(key);
    if (count == null) {
      count = counts.computeIfAbsent(key, unused -> new LongAdder());
      Log.warnOnce(
          "observed " + key,
          "governance=observe: a call of "
              + plan.method()
              + " would have "
              + what
              + "; further ones are counted in mesh_observed_total");
    }
    count.increment();
  }

  /** For the page; empty if there was nothing to tell. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new TreeMap<>();
    counts.forEach((key, count) -> facts.put(key, count.sum()));
    return facts;
  }

  void show(PolicyMetrics metrics) {
    metrics.counter(
        "mesh_observed_total",
        "Calls that a policy would have refused, kept waiting or answered, were they governed.",
        Arrays.asList("policy", "side", "verdict"),
        samples ->
            counts.forEach((key, count) -> samples.add((double) count.sum(), key.split(" ", -1))));
  }
}
