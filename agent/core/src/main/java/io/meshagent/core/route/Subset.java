package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.TextHash;
import io.meshagent.core.api.Zones;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * A few of very many endpoints, so that a thousand clients of a thousand servers do not open a
 * million connections. Rendezvous hashing (Thaler and Ravishankar, 1998) makes the choice: it
 * differs from JVM to JVM, and when one endpoint comes or goes at most one of the chosen changes.
 */
final class Subset {

  /** Up to here all are used. */
  private static final int MOST = 100;

  private final long jvm;
  private final int few;

  /**
   * @param jvm any number that other JVMs do not have
   * @param few how many are chosen
   */
  Subset(long jvm, int few) {
    this.jvm = jvm;
    this.few = few;
  }

  /**
   * What is left.
   *
   * @param from in the order of {@code host:port}; not changed, and returned where all are left
   * @param zones if not null, as many as are chosen of the own zone are chosen of all others: which
   *     of the two gets how many calls is said elsewhere
   */
  List<Endpoint> of(List<Endpoint> from, Zones zones) {
    if (from.size() <= Math.max(MOST, few)) {
      return from;
    }
    PriorityQueue<Ranked> near = new PriorityQueue<>(HIGHEST_FIRST);
    PriorityQueue<Ranked> far = new PriorityQueue<>(HIGHEST_FIRST);
    for (int i = 0; i < from.size(); i++) {
      Endpoint endpoint = from.get(i);
      boolean isFar = zones != null && !Zones.of(endpoint.instance()).equals(zones.own());
      keep(isFar ? far : near, i, rank(endpoint));
    }
    List<Endpoint> chosen = new ArrayList<>(near.size() + far.size());
    Stream.concat(near.stream(), far.stream())
        .mapToInt(ranked -> ranked.index)
        .sorted()
        .forEach(i -> chosen.add(from.get(i)));
    return chosen;
  }

  /** Why one is not among them, for people: what follows the instance. */
  String why(Endpoint endpoint) {
    return "is not among the " + few + " of very many that this program uses (client.subset)";
  }

  /** Only those whose ranks are low enough. */
  private void keep(PriorityQueue<Ranked> lowest, int index, long rank) {
    if (lowest.size() < few || rank < lowest.element().rank) {
      lowest.add(new Ranked(index, rank));
      if (lowest.size() > few) {
        lowest.remove();
      }
    }
  }

  private static final Comparator<Ranked> HIGHEST_FIRST =
      Comparator.comparingLong((Ranked ranked) -> ranked.rank).reversed();

  private static final class Ranked {
    private final int index;
    private final long rank;

    Ranked(int index, long rank) {
      this.index = index;
      this.rank = rank;
    }
  }

  /** A hash of this JVM and the address. */
  private long rank(Endpoint endpoint) {
    return TextHash.spread(endpoint.hash() ^ jvm);
  }
}
