package io.meshagent.core.registry.publish;

import io.meshagent.core.api.StartedServer;
import io.meshagent.core.registry.EntryState;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the servers stand, for whoever looks. Written by the registrar's loop, read by any thread.
 */
public final class Standings {

  /** How one of them stands at one moment, for people. Immutable. */
  public static final class Standing {
    private final String place;
    private final Map<String, EntryState> services;

    /**
     * @param place its host and port as others are told of it
     * @param services the state of the entry of each
     */
    Standing(String place, Map<String, EntryState> services) {
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

  private static final String DRAINING = "draining";

  /** Volatile, as the next: replaced as a whole. */
  private volatile Map<StartedServer, Standing> byServer = Collections.emptyMap();

  private volatile Map<String, String> entries = Collections.emptyMap();

  Standings() {}

  /** These are published now. */
  void are(Collection<PublishedServer> published) {
    Map<StartedServer, Standing> standings = new HashMap<>();
    Map<String, String> states = new TreeMap<>();
    for (PublishedServer server : published) {
      Standing standing = server.standing();
      standings.put(server.server(), standing);
      standing
          .services()
          .forEach(
              (service, state) ->
                  states.put(
                      service + " " + standing.place(), state.name().toLowerCase(Locale.ROOT)));
    }
    byServer = Collections.unmodifiableMap(standings);
    entries = Collections.unmodifiableMap(states);
  }

  /** Null while it is not to be published, or not yet. */
  Standing of(StartedServer server) {
    return byServer.get(server);
  }

  /** The state of each entry, by service and address. */
  Map<String, String> entries() {
    return entries;
  }

  /** How many of them are announced as leaving and not withdrawn yet. */
  int draining() {
    return Collections.frequency(entries.values(), DRAINING);
  }
}
