package io.meshagent.core.balance;

import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Zones;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The shares of the zones among the instances that are connected, which may be few of those that
 * there are: what can't be reached or was ejected makes its zone as much smaller as it is of those
 * that are used. Made for one picker, for one thread.
 */
final class ZoneShares {

  private final Zones zones;

  /** What the route uses, by zone. */
  private final Map<String, Double> used = new TreeMap<>();

  /** Of that, what is of no use now. */
  private final Map<String, Double> lost = new TreeMap<>();

  private final Map<String, Double> targets;

  /**
   * @param ejected of the candidates
   */
  ZoneShares(Zones zones, Balancer.Candidates candidates, boolean[] ejected) {
    this.zones = zones;
    for (Endpoint endpoint : candidates.used().list()) {
      add(used, endpoint, endpoint.instance().weight());
    }
    for (Endpoint endpoint : candidates.unreachable()) {
      add(lost, endpoint, endpoint.instance().weight());
    }
    for (int i = 0; i < ejected.length; i++) {
      if (ejected[i]) {
        Endpoint endpoint = candidates.endpoint(i);
        add(lost, endpoint, endpoint.instance().weight());
      }
    }
    Map<String, Double> usable = new TreeMap<>();
    double all = 0;
    for (Map.Entry<String, Double> each : zones.capacities().entrySet()) {
      double now = each.getValue() * well(each.getKey());
      usable.put(each.getKey(), now);
      all += now;
    }
    targets = all > 0 ? ZoneTargets.of(zones, usable) : Collections.emptyMap();
  }

  private static void add(Map<String, Double> sums, Endpoint endpoint, double weight) {
    sums.merge(Zones.of(endpoint.instance()), weight, Double::sum);
  }

  private double well(String zone) {
    double known = used.getOrDefault(zone, 0.0);
    return known > 0 ? Math.max(0, 1 - lost.getOrDefault(zone, 0.0) / known) : 1;
  }

  /** The share of the calls that each zone is to have; empty if none can be told. */
  Map<String, Double> targets() {
    return targets;
  }

  /** Whether calls are to go to a zone to which none would go if all were well. */
  boolean needOthers() {
    return !ZoneTargets.of(zones, zones.capacities()).keySet().containsAll(targets.keySet());
  }

  /**
   * Changes the weights of the candidates, so that each zone's are together what its share is; none
   * if those that are to have calls are not connected yet.
   *
   * @param weights of the candidates, those of ejected ones too
   */
  void apply(Balancer.Candidates candidates, boolean[] ejected, double[] weights) {
    Map<String, Double> connected = new TreeMap<>();
    double all = 0;
    for (int i = 0; i < weights.length; i++) {
      if (!ejected[i]) {
        add(connected, candidates.endpoint(i), weights[i]);
        all += weights[i];
      }
    }
    double given = 0;
    for (Map.Entry<String, Double> target : targets.entrySet()) {
      given += connected.getOrDefault(target.getKey(), 0.0) > 0 ? target.getValue() : 0;
    }
    if (given == 0) {
      return;
    }
    for (int i = 0; i < weights.length; i++) {
      String zone = Zones.of(candidates.endpoint(i).instance());
      double sum = connected.getOrDefault(zone, 0.0);
      double target = targets.getOrDefault(zone, 0.0);
      weights[i] = sum > 0 ? weights[i] * target / given * all / sum : 0;
    }
  }
}
