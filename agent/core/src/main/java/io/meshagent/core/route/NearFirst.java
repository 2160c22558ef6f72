package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Zones;
import io.meshagent.core.balance.ZoneTargets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Those of the own zone, and of others only where the own one has less than its share: nobody needs
 * a connection where no call goes. What the share is says {@link ZoneTargets}. Immutable.
 */
final class NearFirst {

  private final String own;
  private final Map<String, Integer> callers;

  /**
   * @param own this program's zone
   * @param callers how many programs like this one are in each zone; empty if nobody knows
   */
  NearFirst(String own, Map<String, Integer> callers) {
    this.own = own;
    this.callers = callers;
  }

  /** Null where zones make no difference: all are in one, or the own one has nobody. */
  Zones zones(List<Endpoint> all) {
    Map<String, Double> capacities = new TreeMap<>();
    for (Endpoint endpoint : all) {
      capacities.merge(Zones.of(endpoint.instance()), endpoint.instance().weight(), Double::sum);
    }
    return capacities.size() > 1 && capacities.getOrDefault(own, 0.0) > 0
        ? new Zones(own, capacities, callers)
        : null;
  }

  /** Why one is not among {@link #of}, for people: what follows the instance. */
  static String why(Endpoint endpoint, Zones zones) {
    String zone = Zones.of(endpoint.instance());
    return "is in "
        + (zone.isEmpty() ? "no zone" : "zone " + zone)
        + ", and zone "
        + zones.own()
        + ", this program's own, has enough (client.zone-aware)";
  }

  /** Those of the zones that are to have calls while all of them are well. */
  List<Endpoint> of(List<Endpoint> all, Zones zones) {
    Set<String> called = ZoneTargets.of(zones, zones.capacities()).keySet();
    return Kept.of(all, endpoint -> called.contains(Zones.of(endpoint.instance())));
  }
}
