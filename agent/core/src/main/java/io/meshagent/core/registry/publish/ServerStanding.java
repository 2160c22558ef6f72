package io.meshagent.core.registry.publish;

import io.meshagent.core.registry.EntryState;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** How a server of the program stands in the registry at one moment, for people. Immutable. */
public final class ServerStanding {

  private final String place;
  private final Map<String, EntryState> services;

  /**
   * @param place its host and port as others are told of it
   * @param services the state of the entry of each
   */
  ServerStanding(String place, Map<String, EntryState> services) {
    this.place = place;
    this.services = Collections.unmodifiableMap(new TreeMap<>(services));
  }

  /** Its host and port as others are told of it. */
  public String place() {
    return place;
  }

  /** By its services. */
  public Map<String, EntryState> services() {
    return services;
  }
}
