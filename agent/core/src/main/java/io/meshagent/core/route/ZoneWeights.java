package io.meshagent.core.route;

import java.util.Map;

/**
 * Keeps calls in the zone of the caller as far as that has its share of the instances, and sends
 * the rest to the other zones: zone aware routing as Envoy does it. Stateless.
 *
 * <p>A zone with a third of all callers and a third of all instances keeps its calls. One with two
 * thirds of the callers and a third of the instances can serve half of them, and the other half is
 * spread over the other zones by weight, so that all instances are equally loaded. A zone without
 * an instance hands all on.
 */
public final class ZoneWeights {

  private ZoneWeights() {}

  /**
   * What the weight of an instance in another zone is multiplied by, where those of the own zone
   * keep theirs.
   *
   * @param local the sum of weights in the caller's zone
   * @param remote the sum of weights in all others
   * @param callers how many callers there are in each zone; if the caller's zone is not among them,
   *     callers are taken to be spread as the instances' zones are, evenly
   * @param zones how many zones have instances
   * @return 0 to keep all calls here
   */
  public static double remoteFactor(
      double local, double remote, Map<String, Integer> callers, String zone, int zones) {
    if (local <= 0 || remote <= 0) {
      return 1;
    }
    double shareOfInstances = local / (local + remote);
    double shareOfCallers = shareOfCallers(callers, zone, zones);
    if (shareOfInstances >= shareOfCallers) {
      return 0;
    }
    double kept = shareOfInstances / shareOfCallers;
    return (1 - kept) / kept * local / remote;
  }

  private static double shareOfCallers(Map<String, Integer> callers, String zone, int zones) {
    Integer here = callers.get(zone);
    if (here == null) {
      return 1.0 / Math.max(1, zones);
    }
    int all = 0;
    for (int some : callers.values()) {
      all += some;
    }
    return (double) here / all;
  }
}
