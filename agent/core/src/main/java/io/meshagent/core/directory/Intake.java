package io.meshagent.core.directory;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Standing;
import io.meshagent.core.registry.ServiceChange;
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
import java.util.function.LongSupplier;

/**
 * Takes in what is told of instances, and decides what becomes of one that the registry no longer
 * names: it goes, or it is held. Confined to the directory's lock. What a change costs depends on
 * what it names, not on how many instances there are.
 *
 * <p>It goes at once if it said before that it leaves, or if it refuses connections. It goes, too,
 * if the source is in good order and few went lately. All else is held: while the source is in
 * trouble or just out of it, when many went, and when nobody would be left. What is held goes when
 * it refuses a connection, or when a list that is read a hold time later still misses it.
 */
final class Intake {

  /** What others wrote and took away again must not fill the memory while it is held. */
  private static final int MOST_HELD = 20_000;

  private final LongSupplier clock;
  private final long holdNanos;
  private final SourceHealth health;
  private final Departures departures;
  private final KnownInstances known;

  /** Under how many services the registry names a host:port. */
  private final Map<String, Integer> named = new HashMap<>();

  /** Every host:port to which a connection fails at present. */
  private final Set<String> refusing = new HashSet<>();

  Intake(KnownInstances known, LongSupplier clock, long holdNanos, SourceHealth health) {
    this.known = known;
    this.clock = clock;
    this.holdNanos = holdNanos;
    this.health = health;
    this.departures = new Departures(clock, holdNanos);
  }

  /** What the registry says of one service. */
  private static final class Said {
    private final KnownService of;

    /** New or other than before, or all there are. */
    private final Collection<Instance> present;

    /** Known, and named no longer. */
    private final List<KnownInstance> missing = new ArrayList<>();

    /** Whether it names any, or did lately: then it is better than what was on disk. */
    private final boolean names;

    Said(KnownService of, Collection<Instance> present, boolean names) {
      this.of = of;
      this.present = present;
      this.names = names;
    }

    private int missingOf(Standing standing) {
      int count = 0;
      for (KnownInstance each : missing) {
        count += each.is(standing) ? 1 : 0;
      }
      return count;
    }
  }

  /**
   * Takes in a fresh list, which can confirm removals.
   *
   * @param told all that the registry names, by service
   * @return the services that it changed
   */
  Set<String> list(Map<String, List<Instance>> told) {
    Set<String> names = new HashSet<>(told.keySet());
    names.addAll(known.names());
    List<Said> all = new ArrayList<>(names.size());
    for (String name : names) {
      Map<String, Instance> instances = byAddress(told.getOrDefault(name, Collections.emptyList()));
      Said said = new Said(known.of(name), instances.values(), told.containsKey(name));
      for (KnownInstance each : said.of.all()) {
        if (!instances.containsKey(each.hostPort())) {
          said.missing.add(each);
        }
      }
      all.add(said);
    }
    return take(all, true);
  }

  /** Each address once, see {@link ServiceChange#counting}, sorted by {@code host:port}. */
  private static Map<String, Instance> byAddress(List<Instance> instances) {
    return new TreeMap<>(ServiceChange.byHostPort(instances));
  }

  /**
   * Takes in what has changed, each service once.
   *
   * @return the services that it changed
   */
  Set<String> change(List<ServiceChange> changes) {
    List<Said> all = new ArrayList<>(changes.size());
    for (ServiceChange change : changes) {
      Said said = new Said(known.of(change.service()), change.present(), true);
      for (String hostPort : change.gone()) {
        KnownInstance before = said.of.at(hostPort);
        if (before != null && before.is(Standing.LIVE)) {
          said.missing.add(before);
        }
      }
      addStale(said);
      all.add(said);
    }
    return take(all, false);
  }

  /** What comes from the disk the registry has never named: that it names others says enough. */
  private static void addStale(Said said) {
    if (said.of.count(Standing.STALE) > 0) {
      Set<String> present = new HashSet<>();
      said.present.forEach(each -> present.add(each.hostPort()));
      for (KnownInstance each : said.of.all()) {
        if (each.is(Standing.STALE) && !present.contains(each.hostPort())) {
          said.missing.add(each);
        }
      }
    }
  }

  private Set<String> take(List<Said> all, boolean whole) {
    // All are counted before the first is decided: of many that go together none goes.
    departures.slide();
    all.forEach(this::count);
    boolean manyOfAll = departures.areManyOfAll(named.keySet());
    Set<String> gone = new HashSet<>();
    Set<String> changed = new HashSet<>();
    for (Said said : all) {
      if (decide(said, manyOfAll, whole, gone)) {
        changed.add(said.of.name());
      }
    }
    gone.removeAll(named.keySet());
    refusing.removeAll(gone);
    return changed;
  }

  private void count(Said said) {
    String name = said.of.name();
    for (KnownInstance each : said.missing) {
      if (each.is(Standing.LIVE)) {
        named.merge(each.hostPort(), -1, (a, b) -> a + b == 0 ? null : a + b);
        if (!each.isLeaving() && !refusing.contains(each.hostPort())) {
          departures.went(name, each.hostPort());
        }
      }
    }
    for (Instance instance : said.present) {
      String hostPort = instance.hostPort();
      KnownInstance before = said.of.at(hostPort);
      departures.forget(name, hostPort);
      if (before == null || !before.is(Standing.LIVE)) {
        named.merge(hostPort, 1, Integer::sum);
      }
      if (before == null || !before.instance().equals(instance)) {
        // Started again, most likely: what an earlier one refused says nothing of it.
        refusing.remove(hostPort);
      }
    }
  }

  /** Whether it changed anything. */
  private boolean decide(Said said, boolean manyOfAll, boolean whole, Set<String> gone) {
    boolean changed = false;
    for (Instance instance : said.present) {
      KnownInstance before = said.of.at(instance.hostPort());
      if (before == null || !before.is(Standing.LIVE) || !before.instance().equals(instance)) {
        known.put(said.of, named(before, instance));
        changed = true;
      }
    }
    if (said.missing.isEmpty()) {
      return changed;
    }
    int left = said.of.count(Standing.LIVE) - said.missingOf(Standing.LIVE);
    boolean many = manyOfAll || departures.areMany(said.of.name(), left);
    boolean mayGo = health.isSettled() && !many && isAnyOtherWilling(said);
    for (KnownInstance each : said.missing) {
      if (goes(each, mayGo, whole, said.names)) {
        known.remove(said.of, each.hostPort());
        gone.add(each.hostPort());
        changed = true;
      } else if (!each.is(Standing.HELD)) {
        known.put(said.of, each.become(Standing.HELD, clock.getAsLong()));
        changed = true;
      }
    }
    return changed;
  }

  private KnownInstance named(KnownInstance before, Instance instance) {
    long now = clock.getAsLong();
    return before == null
        ? new KnownInstance(instance, Standing.LIVE, now)
        : before.named(instance, now);
  }

  /** Whether one wants calls of those that the registry still names; mostly the first does. */
  private boolean isAnyOtherWilling(Said said) {
    Set<KnownInstance> missing = new HashSet<>(said.missing);
    for (KnownInstance each : said.of.all()) {
      if (each.is(Standing.LIVE) && !missing.contains(each) && each.instance().isWilling()) {
        return true;
      }
    }
    return false;
  }

  private boolean goes(KnownInstance missing, boolean mayGo, boolean whole, boolean isNamed) {
    if (missing.isLeaving() || refusing.contains(missing.hostPort())) {
      return true;
    }
    if (!missing.is(Standing.HELD) && known.held() >= MOST_HELD) {
      return true;
    }
    switch (missing.standing()) {
      case HELD:
        return whole && health.isSettled() && clock.getAsLong() - dueAt(missing) >= 0;
      case STALE:
        // What the registry knows of a service is better than what was on disk.
        return isNamed;
      default:
        return mayGo;
    }
  }

  /** From when on a list can confirm the removal. */
  private long dueAt(KnownInstance instance) {
    long at = instance.since() + holdNanos;
    return at - health.settledAt() > 0 ? at : health.settledAt();
  }

  /**
   * Takes what was found on disk, as long as the registry has not said anything.
   *
   * @return the services that it changed
   */
  Set<String> fromDisk(Map<String, List<Instance>> found) {
    Set<String> changed = new HashSet<>(found.keySet());
    changed.removeAll(known.names());
    for (String name : changed) {
      KnownService service = known.of(name);
      for (Instance instance : byAddress(found.get(name)).values()) {
        known.put(service, new KnownInstance(instance, Standing.STALE, clock.getAsLong()));
      }
    }
    return changed;
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
    if (known.held() + known.stale() > 0) {
      for (KnownService service : known.services()) {
        KnownInstance before = service.at(hostPort);
        if (before != null && !before.is(Standing.LIVE)) {
          known.remove(service, hostPort);
          departures.forget(service.name(), hostPort);
          changed.add(service.name());
        }
      }
    }
    return changed;
  }

  /** How long until a list can confirm the first of the removals that wait, if any does. */
  OptionalLong nextDueIn() {
    KnownInstance first = known.heldLongest();
    return first == null ? OptionalLong.empty() : OptionalLong.of(dueAt(first) - clock.getAsLong());
  }
}
