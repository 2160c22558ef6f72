package io.meshagent.grpc.reroute;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * To which of the endpoints that a route uses a channel connects, and when. Confined to the
 * channel's sync context.
 */
final class Opening {

  /** One could be the one that does not answer. */
  static final int FEW = 2;

  /** More than that are not connected to in one moment. */
  private static final int MANY = 25;

  /** For each of many; a client that needs the first few has them at once. */
  private static final long SPREAD_MILLIS = 5;

  private static final long LONGEST_SPREAD_MILLIS = 3_000;

  private final Connections connections;

  Opening(Connections connections) {
    this.connections = connections;
  }

  /**
   * The connections to all of them, held. The first few are opened at once, if calls depend on
   * them; of many that appear together each is opened after a while of its own, for they appear to
   * all clients at once.
   *
   * @param depends whether calls do
   */
  List<Connection> hold(List<Endpoint> all, boolean depends) {
    List<Connection> held = new ArrayList<>(all.size());
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int size = all.size();
    int first = size == 0 || !depends ? -FEW : random.nextInt(size);
    long spread = size > MANY ? spread(all) : 0;
    for (int i = 0; i < size; i++) {
      boolean few = first >= 0 && (i - first + size) % size < FEW;
      long delay = few || spread == 0 ? 0 : 1 + random.nextLong(spread);
      held.add(connections.hold(all.get(i).instance(), few, delay));
    }
    return held;
  }

  private long spread(List<Endpoint> all) {
    int unconnected = 0;
    for (Endpoint endpoint : all) {
      unconnected += connections.leadTo(endpoint.instance()) ? 0 : 1;
    }
    return unconnected > MANY ? Math.min(LONGEST_SPREAD_MILLIS, unconnected * SPREAD_MILLIS) : 0;
  }

  /** A few of each part, for a channel that is young. */
  List<Endpoint> some(List<Endpoints> parts) {
    if (parts.size() == 1) {
      return some(parts.get(0));
    }
    Set<Endpoint> some = new LinkedHashSet<>();
    for (Endpoints part : parts) {
      some.addAll(some(part));
    }
    return new ArrayList<>(some);
  }

  /** Those that the channel is connected to already, and others at random. */
  private List<Endpoint> some(Endpoints part) {
    List<Endpoint> all = part.list();
    if (all.size() <= FEW) {
      return all;
    }
    List<Endpoint> some = new ArrayList<>(FEW);
    for (Endpoint endpoint : all) {
      if (some.size() < FEW && connections.leadTo(endpoint.instance())) {
        some.add(endpoint);
      }
    }
    int next = ThreadLocalRandom.current().nextInt(all.size());
    while (some.size() < FEW) {
      Endpoint endpoint = all.get(next);
      if (!some.contains(endpoint)) {
        some.add(endpoint);
      }
      next = (next + 1) % all.size();
    }
    return some;
  }
}
