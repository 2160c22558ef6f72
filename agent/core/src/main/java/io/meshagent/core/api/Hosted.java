package io.meshagent.core.api;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** What a server of the program hosts at one moment. Immutable; equal when all of it is. */
public final class Hosted {

  private final Set<String> services;
  private final HealthService health;

  /**
   * @param services the full names of all services; copied
   * @param health the health service among them, or null if there is none
   */
  public Hosted(Collection<String> services, HealthService health) {
    this.services = Collections.unmodifiableSet(new TreeSet<>(services));
    this.health = health;
  }

  /** The full names of all services, sorted. */
  public Set<String> services() {
    return services;
  }

  /** The health service, or null if there is none. */
  public HealthService health() {
    return health;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Hosted
        && services.equals(((Hosted) o).services)
        && health == ((Hosted) o).health;
  }

  @Override
  public int hashCode() {
    return services.hashCode();
  }

  @Override
  public String toString() {
    return services.toString();
  }
}
