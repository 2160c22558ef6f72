package io.meshagent.core.api;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a route that prefers its own zone goes by: which zone that is, and what the others could
 * take over. Immutable; equal when all of it is.
 */
public final class Zones {

  private final String own;
  private final Map<String, Double> capacities;
  private final Map<String, Integer> callers;

  /**
   * @param own this program's
   * @param capacities the sum of weights of the usable instances in each zone, this one among them;
   *     those that say none are in the zone of no name. Copied
   * @param callers how many programs call from each zone; empty where that is not known. Copied
   */
  public Zones(String own, Map<String, Double> capacities, Map<String, Integer> callers) {
    this.own = own;
    this.capacities = Collections.unmodifiableMap(new TreeMap<>(capacities));
    this.callers = Collections.unmodifiableMap(new TreeMap<>(callers));
  }

  public String own() {
    return own;
  }

  /** The zone that an instance is in, for the maps of these. */
  public static String of(Instance instance) {
    String zone = instance.metadata().get(Instance.Metadata.ZONE);
    return zone == null ? "" : zone;
  }

  public Map<String, Double> capacities() {
    return capacities;
  }

  public Map<String, Integer> callers() {
    return callers;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Zones
        && own.equals(((Zones) o).own)
        && capacities.equals(((Zones) o).capacities)
        && callers.equals(((Zones) o).callers);
  }

  @Override
  public int hashCode() {
    return capacities.hashCode();
  }

  @Override
  public String toString() {
    return own + " of " + capacities + ", called from " + callers;
  }
}
