package io.meshagent.core.directory;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Which instances went without a word within the last moments, to tell the end of one program from
 * the end of a registry's memory. Confined to the directory's lock.
 *
 * <p>Entries vanish one by one, too, when many leases end: so what counts is how many went within a
 * window of time, as a part of those that are left and those that went.
 */
final class Departures {

  /** One alone is never many, however few there are. */
  private static final int FEW = 1;

  private static final double LARGE_PART = 0.3;

  /** Many by any measure; more need not be known by name. */
  private static final int MOST_NAMED = 20_000;

  private final LongSupplier clock;
  private final long windowNanos;

  /** When each host:port went, by service. */
  private final Map<String, Map<String, Long>> byService = new HashMap<>();

  Departures(LongSupplier clock, long windowNanos) {
    this.clock = clock;
    this.windowNanos = windowNanos;
  }

  void went(String service, String hostPort) {
    Map<String, Long> gone = byService.computeIfAbsent(service, name -> new HashMap<>());
    if (gone.size() < MOST_NAMED) {
      gone.putIfAbsent(hostPort, clock.getAsLong());
    }
  }

  /** It is there again, or it is known why it went. */
  void forget(String service, String hostPort) {
    Map<String, Long> gone = byService.get(service);
    if (gone != null && gone.remove(hostPort) != null && gone.isEmpty()) {
      byService.remove(service);
    }
  }

  /** Leaves out what went too long ago to count. */
  void slide() {
    long now = clock.getAsLong();
    for (Iterator<Map<String, Long>> all = byService.values().iterator(); all.hasNext(); ) {
      Map<String, Long> gone = all.next();
      gone.values().removeIf(at -> now - at >= windowNanos);
      if (gone.isEmpty()) {
        all.remove();
      }
    }
  }

  /**
   * @param left how many instances of the service the registry names now
   */
  boolean areMany(String service, int left) {
    Map<String, Long> gone = byService.get(service);
    return gone != null && areMany(gone.size(), left);
  }

  /**
   * The same of the whole directory.
   *
   * @param left every host:port that the registry names now, under whatever service
   */
  boolean areManyOfAll(Set<String> left) {
    Set<String> gone = new HashSet<>();
    byService.values().forEach(some -> gone.addAll(some.keySet()));
    gone.removeAll(left);
    return areMany(gone.size(), left.size());
  }

  private static boolean areMany(int gone, int left) {
    return gone > FEW && gone > LARGE_PART * (gone + left);
  }
}
