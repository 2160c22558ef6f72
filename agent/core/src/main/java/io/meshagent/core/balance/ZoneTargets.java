package io.meshagent.core.balance;

import io.meshagent.core.api.Zones;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which share of a program's calls goes to which zone: Envoy's zone aware routing, with the weights
 * of the usable instances for its numbers of healthy hosts. A zone that has its share of what all
 * zones can take keeps the calls of its programs. One that has less keeps as much that its
 * instances are loaded as all others are, and hands the rest to the zones that have more than their
 * share, each as much as it has too much. Stateless.
 *
 * <p>Where nobody knows where the calls come from they are taken to come evenly from all zones, as
 * Kubernetes' topology aware routing takes them to come from where the processors are.
 */
public final class ZoneTargets {

  /** For so little less than the share nobody opens connections to other zones. */
  private static final double NEARLY = 0.95;

  private ZoneTargets() {}

  /**
   * The shares, which add up to 1; a zone that gets nothing is not among them.
   *
   * @param zones of whose capacities only the names count
   * @param usable by zone, what can be used now; some of it above 0
   */
  public static Map<String, Double> of(Zones zones, Map<String, Double> usable) {
    double all = 0;
    for (double some : usable.values()) {
      all += some;
    }
    Map<String, Double> targets = new TreeMap<>();
    double own = usable.getOrDefault(zones.own(), 0.0) / all;
    double callers = callers(zones, zones.own());
    double kept = own >= NEARLY * callers ? 1 : own / callers;
    if (kept > 0) {
      targets.put(zones.own(), kept);
    }
    if (kept < 1) {
      handOn(zones, usable, all, 1 - kept, targets);
    }
    return targets;
  }

  private static void handOn(
      Zones zones,
      Map<String, Double> usable,
      double all,
      double handedOn,
      Map<String, Double> targets) {
    Map<String, Double> tooMuch = new TreeMap<>();
    double sum = 0;
    for (Map.Entry<String, Double> each : usable.entrySet()) {
      double rest = each.getValue() / all - callers(zones, each.getKey());
      if (rest > 0 && !each.getKey().equals(zones.own())) {
        tooMuch.put(each.getKey(), rest);
        sum += rest;
      }
    }
    for (Map.Entry<String, Double> each : tooMuch.entrySet()) {
      targets.put(each.getKey(), handedOn * each.getValue() / sum);
    }
  }

  /** The share of all callers that is in the zone. */
  private static double callers(Zones zones, String zone) {
    Map<String, Integer> callers = zones.callers();
    if (callers.getOrDefault(zones.own(), 0) == 0) {
      return 1.0 / zones.capacities().size();
    }
    int all = 0;
    for (int some : callers.values()) {
      all += some;
    }
    return (double) callers.getOrDefault(zone, 0) / all;
  }
}
