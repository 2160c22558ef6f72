package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.TextHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A few of very many endpoints, so that a thousand clients of a thousand servers do not open a
 * million connections. Rendezvous hashing (Thaler and Ravishankar, 1998) makes the choice: it
 * differs from JVM to JVM, and when one endpoint comes or goes at most one of the chosen changes.
 */
final class Subset implements Step {

  private static final int MOST = 100;
  private static final int FEW = 25;

  private final long jvm;

  /**
   * @param jvm any number that other JVMs do not have
   */
  Subset(long jvm) {
    this.jvm = jvm;
  }

  @Override
  public List<Endpoint> of(List<Endpoint> from) {
    return from.size() <= MOST ? from : lowest(from);
  }

  /** Only those whose ranks are low enough are kept in order. */
  private List<Endpoint> lowest(List<Endpoint> from) {
    PriorityQueue<Ranked> lowest =
        new PriorityQueue<>(FEW + 1, Comparator.comparingLong((Ranked r) -> r.rank).reversed());
    for (int i = 0; i < from.size(); i++) {
      long rank = rank(from.get(i));
      if (lowest.size() < FEW || rank < lowest.element().rank) {
        lowest.add(new Ranked(i, rank));
        if (lowest.size() > FEW) {
          lowest.remove();
        }
      }
    }
    List<Endpoint> chosen = new ArrayList<>(FEW);
    lowest.stream().mapToInt(ranked -> ranked.index).sorted().forEach(i -> chosen.add(from.get(i)));
    return chosen;
  }

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
