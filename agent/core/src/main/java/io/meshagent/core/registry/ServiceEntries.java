package io.meshagent.core.registry;

import io.meshagent.core.api.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** What {@link BoundedEntries} holds of one service. Confined as that is. */
final class ServiceEntries {

  /** Entries up to this size are alike: what a program usually says of itself, and some more. */
  private static final int USUAL_BITS = 12;

  private static final int INSTANCE_BYTES = 200;
  private static final int FACT_BYTES = 48;

  private static final SortedMap<String, Instance> NONE =
      Collections.unmodifiableSortedMap(new TreeMap<>());

  /** An entry as the order of leaving out has it. Immutable. */
  private static final class Rank {

    static final Comparator<Rank> ORDER =
        Comparator.comparingInt((Rank rank) -> rank.size).thenComparing((Rank rank) -> rank.place);

    private final int size;
    private final String place;

    Rank(String place, List<Instance> found) {
      // A power of two rather than bytes: what an instance says of itself may change a little.
      this.size = Long.SIZE - Long.numberOfLeadingZeros(bytes(found) >>> USUAL_BITS);
      this.place = place;
    }
  }

  private final String name;
  private final boolean called;
  private final Map<String, List<Instance>> byPlace = new TreeMap<>();

  /** By host:port, what entries say of it whose place is another, by place: mostly none do. */
  private final Map<String, SortedMap<String, Instance>> elsewhere = new HashMap<>();

  private int instances;
  private long bytes;
  private int leftOut;

  /** Kept from the moment on when something has to be left out; null before. */
  private TreeSet<Rank> ranks;

  /** The first that was left out; null if none was. */
  private Rank end;

  ServiceEntries(String name, boolean called) {
    this.name = name;
    this.called = called;
  }

  /** About: texts that many instances share are counted for each. */
  static long bytes(List<Instance> found) {
    long bytes = 0;
    for (Instance instance : found) {
      bytes += INSTANCE_BYTES + 2L * instance.hostPort().length();
      for (Map.Entry<String, String> fact : instance.metadata().entrySet()) {
        bytes += FACT_BYTES + fact.getKey().length() + fact.getValue().length();
      }
    }
    return bytes;
  }

  /** Whether it comes before all that was left out. */
  boolean hasRoomFor(String place, List<Instance> found) {
    return end == null || Rank.ORDER.compare(new Rank(place, found), end) < 0;
  }

  /** Takes it in, and says about how many bytes of memory that takes. */
  long add(String place, List<Instance> found) {
    byPlace.put(place, found);
    if (ranks != null) {
      ranks.add(new Rank(place, found));
    }
    index(place, found);
    long more = bytes(found);
    instances += found.size();
    bytes += more;
    return more;
  }

  /** Lets go of it, and says about how many bytes it took. */
  long remove(String place) {
    List<Instance> found = byPlace.remove(place);
    if (ranks != null) {
      ranks.remove(new Rank(place, found));
    }
    dropIndex(place, found);
    long less = bytes(found);
    instances -= found.size();
    bytes -= less;
    return less;
  }

  /** The place of the entry that has to go; nothing that comes after it is taken from here on. */
  String leaveOutLast() {
    if (ranks == null) {
      ranks = new TreeSet<>(Rank.ORDER);
      byPlace.forEach((place, found) -> ranks.add(new Rank(place, found)));
    }
    end = ranks.last();
    return end.place;
  }

  void countLeftOut() {
    leftOut++;
  }

  private void index(String place, List<Instance> found) {
    for (Instance each : found) {
      if (!each.hostPort().equals(place)) {
        elsewhere
            .computeIfAbsent(each.hostPort(), hostPort -> new TreeMap<>())
            .merge(place, each, ServiceChange::counting);
      }
    }
  }

  private void dropIndex(String place, List<Instance> found) {
    for (Instance each : found) {
      SortedMap<String, Instance> others = elsewhere.get(each.hostPort());
      if (others != null && others.remove(place) != null && others.isEmpty()) {
        elsewhere.remove(each.hostPort());
      }
    }
  }

  /** What each entry says of a host:port, by the entry's place; never changed. */
  private SortedMap<String, Instance> claims(String hostPort) {
    SortedMap<String, Instance> others = elsewhere.getOrDefault(hostPort, NONE);
    List<Instance> own = byPlace.get(hostPort);
    if (own == null) {
      return others;
    }
    SortedMap<String, Instance> all = new TreeMap<>(others);
    for (Instance each : own) {
      if (each.hostPort().equals(hostPort)) {
        all.merge(hostPort, each, ServiceChange::counting);
      }
    }
    return all;
  }

  /** See {@link BoundedEntries#counting}. */
  Instance counting(String hostPort) {
    Instance counting = null;
    for (Instance each : claims(hostPort).values()) {
      if (!each.address().isUnresolved()) {
        counting = ServiceChange.counting(counting, each);
      }
    }
    return counting;
  }

  /** Whether any entry that names the host:port says something else now. */
  boolean replaceAt(String hostPort, UnaryOperator<List<Instance>> change) {
    boolean changed = false;
    for (String place : new ArrayList<>(claims(hostPort).keySet())) {
      List<Instance> before = byPlace.get(place);
      List<Instance> now = change.apply(before);
      if (!now.equals(before)) {
        dropIndex(place, before);
        index(place, now);
        byPlace.put(place, now);
        changed = true;
      }
    }
    return changed;
  }

  String name() {
    return name;
  }

  boolean isCalled() {
    return called;
  }

  /** Null if there is nothing. */
  List<Instance> at(String place) {
    return byPlace.get(place);
  }

  Collection<List<Instance>> all() {
    return byPlace.values();
  }

  int instances() {
    return instances;
  }

  long bytes() {
    return bytes;
  }

  int leftOut() {
    return leftOut;
  }
}
