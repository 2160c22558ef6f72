package io.meshagent.core.directory;

import io.meshagent.core.api.Instance;
import io.meshagent.core.route.EndpointSelection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Every entry of the directory, and the decision what becomes of one that the registry no longer
 * names: it goes, or it is held. Changed under the directory's lock; {@link #all} and the counts
 * may be read by anybody.
 *
 * <p>It goes at once if it said before that it leaves, or if it refuses connections. It goes, too,
 * if the source is in good order and few went lately. All else is held: while the source is in
 * trouble or just out of it, when many went, and when nobody would be left. What is held goes when
 * it refuses a connection, or when a list that is read a hold time later still misses it.
 */
final class Entries {

  /** What others wrote and took away again must not fill the memory while it is held. */
  private static final int MOST_HELD = 20_000;

  private final EndpointSelection selection;
  private final LongSupplier clock;
  private final long holdNanos;
  private final SourceHealth health;
  private final Departures departures;

  /** By service, then by host:port, sorted; services without any are not in it. Never changed. */
  private final Map<String, Map<String, Entry>> known = new ConcurrentHashMap<>();

  /** Under how many services the registry names a host:port. */
  private final Map<String, Integer> named = new HashMap<>();

  /** Every host:port to which a connection fails at present. */
  private final Set<String> refusing = new HashSet<>();

  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger stale = new AtomicInteger();

  Entries(EndpointSelection selection, LongSupplier clock, long holdNanos, SourceHealth health) {
    this.selection = selection;
    this.clock = clock;
    this.holdNanos = holdNanos;
    this.health = health;
    this.departures = new Departures(clock, holdNanos);
  }

  /**
   * Takes in what the registry says.
   *
   * @param told services with all the instances that the registry names for them
   * @param whole whether it names no other service: a fresh list, which can confirm a removal
   * @return the services that it changed
   */
  Set<String> take(Map<String, List<Instance>> told, boolean whole) {
    Set<String> names = new HashSet<>(told.keySet());
    if (whole) {
      names.addAll(known.keySet());
    }
    Map<String, Map<String, Instance>> now = new HashMap<>();
    for (String name : names) {
      now.put(name, selection.byAddress(told.getOrDefault(name, Collections.emptyList())));
    }
    // All are counted before the first is decided: of many that go together none goes.
    departures.slide();
    now.forEach(this::count);
    boolean manyOfAll = departures.areManyOfAll(named.keySet());
    Set<String> gone = new HashSet<>();
    Set<String> changed = new HashSet<>();
    now.forEach(
        (name, instances) -> {
          boolean many = manyOfAll || departures.areMany(name, instances.size());
          Map<String, Entry> next = fresh(name, instances);
          for (Map.Entry<String, Entry> before : of(name).entrySet()) {
            if (!instances.containsKey(before.getKey())) {
              if (goes(before, instances, many, whole, told.containsKey(name))) {
                gone.add(before.getKey());
              } else {
                next.put(before.getKey(), held(before.getValue()));
              }
            }
          }
          if (!next.equals(of(name))) {
            put(name, next);
            changed.add(name);
          }
        });
    gone.removeAll(named.keySet());
    refusing.removeAll(gone);
    return changed;
  }

  private void count(String name, Map<String, Instance> now) {
    Map<String, Entry> before = of(name);
    before.forEach(
        (hostPort, entry) -> {
          if (entry.is(Standing.LIVE) && !now.containsKey(hostPort)) {
            named.merge(hostPort, -1, (a, b) -> a + b == 0 ? null : a + b);
            if (!entry.isLeaving() && !refusing.contains(hostPort)) {
              departures.went(name, hostPort);
            }
          }
        });
    now.forEach(
        (hostPort, instance) -> {
          Entry entry = before.get(hostPort);
          departures.forget(name, hostPort);
          if (entry == null || !entry.is(Standing.LIVE)) {
            named.merge(hostPort, 1, Integer::sum);
          }
          if (entry == null || !entry.instance().equals(instance)) {
            // Started again, most likely: what an earlier one refused says nothing of it.
            refusing.remove(hostPort);
          }
        });
  }

  private Map<String, Entry> fresh(String name, Map<String, Instance> instances) {
    Map<String, Entry> before = of(name);
    Map<String, Entry> next = new TreeMap<>();
    instances.forEach(
        (hostPort, instance) -> {
          Entry entry = before.get(hostPort);
          boolean same =
              entry != null && entry.is(Standing.LIVE) && entry.instance().equals(instance);
          next.put(hostPort, same ? entry : new Entry(instance, Standing.LIVE, clock.getAsLong()));
        });
    return next;
  }

  private boolean goes(
      Map.Entry<String, Entry> missing,
      Map<String, Instance> left,
      boolean many,
      boolean whole,
      boolean serviceNamed) {
    Entry entry = missing.getValue();
    if (entry.isLeaving() || refusing.contains(missing.getKey())) {
      return true;
    }
    if (!entry.is(Standing.HELD) && held() >= MOST_HELD) {
      return true;
    }
    switch (entry.standing()) {
      case HELD:
        return whole && health.isSettled() && clock.getAsLong() - dueAt(entry) >= 0;
      case STALE:
        // What the registry knows of a service is better than what was on disk.
        return serviceNamed;
      default:
        return health.isSettled() && !many && selection.isAnyWilling(left.values());
    }
  }

  private Entry held(Entry entry) {
    return entry.is(Standing.HELD) ? entry : entry.become(Standing.HELD, clock.getAsLong());
  }

  /** From when on a list can confirm the removal. */
  private long dueAt(Entry entry) {
    long at = entry.since() + holdNanos;
    return at - health.settledAt() > 0 ? at : health.settledAt();
  }

  private Map<String, Entry> of(String name) {
    return known.getOrDefault(name, Collections.emptyMap());
  }

  private void put(String name, Map<String, Entry> next) {
    Map<String, Entry> before = of(name);
    adjust(held, Standing.HELD, before, next);
    adjust(stale, Standing.STALE, before, next);
    if (next.isEmpty()) {
      known.remove(name);
    } else {
      known.put(name, Collections.unmodifiableMap(next));
    }
  }

  private static void adjust(
      AtomicInteger count, Standing of, Map<String, Entry> before, Map<String, Entry> next) {
    int unused = count.addAndGet(count(next.values(), of) - count(before.values(), of));
  }

  private static int count(Collection<Entry> entries, Standing standing) {
    int count = 0;
    for (Entry entry : entries) {
      count += entry.is(standing) ? 1 : 0;
    }
    return count;
  }

  /** Takes what was found on disk, as long as the registry has not said anything. */
  void fromDisk(Map<String, List<Instance>> services) {
    services.forEach(
        (name, instances) -> {
          Map<String, Entry> entries = new TreeMap<>();
          selection
              .byAddress(instances)
              .forEach(
                  (hostPort, instance) ->
                      entries.put(
                          hostPort, new Entry(instance, Standing.STALE, clock.getAsLong())));
          put(name, entries);
        });
  }

  /**
   * A connection to a host:port fails, or no longer does.
   *
   * @return the services that lost it: those where it was not LIVE
   */
  Set<String> refuses(String hostPort, boolean refuses) {
    if (!refuses) {
      refusing.remove(hostPort);
      return Collections.emptySet();
    }
    if (named.containsKey(hostPort)) {
      refusing.add(hostPort);
    }
    Set<String> changed = new HashSet<>();
    if (held() + stale() > 0) {
      for (String name : new ArrayList<>(known.keySet())) {
        Entry entry = of(name).get(hostPort);
        if (entry != null && !entry.is(Standing.LIVE)) {
          Map<String, Entry> rest = new TreeMap<>(of(name));
          rest.remove(hostPort);
          put(name, rest);
          departures.forget(name, hostPort);
          changed.add(name);
        }
      }
    }
    return changed;
  }

  /** How long until a list can confirm the first of the removals that wait, if any does. */
  OptionalLong nextDueIn() {
    if (held() == 0) {
      return OptionalLong.empty();
    }
    long now = clock.getAsLong();
    return known.values().stream()
        .flatMap(some -> some.values().stream())
        .filter(entry -> entry.is(Standing.HELD))
        .mapToLong(entry -> dueAt(entry) - now)
        .min();
  }

  /** The instances of a service, sorted; null if there are none. Any thread. */
  List<Instance> instances(String name) {
    Map<String, Entry> entries = known.get(name);
    if (entries == null) {
      return null;
    }
    List<Instance> instances = new ArrayList<>(entries.size());
    entries.values().forEach(entry -> instances.add(entry.instance()));
    return instances;
  }

  /** All by service. Any thread. */
  Map<String, Map<String, Entry>> all() {
    return known;
  }

  int held() {
    return held.get();
  }

  int stale() {
    return stale.get();
  }
}
