package io.meshagent.core.registry.publish;

import io.meshagent.core.api.StartedServer;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the servers stand, for whoever looks. Written by the registrar's loop, read by any thread.
 */
final class Standings {

  private static final String DRAINING = "draining";

  /** Volatile, as the next: replaced as a whole. */
  private volatile Map<StartedServer, ServerStanding> byServer = Collections.emptyMap();

  private volatile Map<String, String> entries = Collections.emptyMap();

  /** These are published now. */
  void are(Collection<PublishedServer> published) {
    Map<StartedServer, ServerStanding> standings = new HashMap<>();
    Map<String, String> states = new TreeMap<>();
    for (PublishedServer server : published) {
      ServerStanding standing = server.standing();
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
  ServerStanding of(StartedServer server) {
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
