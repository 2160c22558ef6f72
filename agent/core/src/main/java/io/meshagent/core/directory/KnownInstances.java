package io.meshagent.core.directory;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Standing;
import io.meshagent.core.config.Drains;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every instance of the directory, and how many there are of which standing. Changed and read under
 * the directory's lock but for the names and the counts, which may be read by anybody.
 */
final class KnownInstances {

  /** Services without any are not in it. */
  private final Map<String, KnownService> services = new ConcurrentHashMap<>();

  /** Those that are HELD, the one that has been for longest first; none equals another. */
  private final Set<KnownInstance> waiting = new LinkedHashSet<>();

  private boolean appeared;

  /** What somebody has drained. */
  private Drains drains = Drains.NONE;

  private final AtomicInteger size = new AtomicInteger();
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger stale = new AtomicInteger();

  /** One that is not known is not kept before it has an instance. */
  KnownService of(String name) {
    KnownService known = services.get(name);
    return known == null ? new KnownService(name) : known;
  }

  void put(KnownService service, KnownInstance next) {
    left(service.put(next));
    int unused = size.incrementAndGet();
    if (next.is(Standing.HELD)) {
      unused = held.incrementAndGet();
      waiting.add(next);
    } else if (next.is(Standing.STALE)) {
      unused = stale.incrementAndGet();
    }
    if (services.putIfAbsent(service.name(), service) == null) {
      appeared = true;
    }
  }

  void remove(KnownService service, String hostPort) {
    left(service.remove(hostPort));
    if (service.isEmpty()) {
      services.remove(service.name());
    }
  }

  /**
   * Counts one less.
   *
   * @param instance null for none
   */
  private void left(KnownInstance instance) {
    if (instance != null) {
      int unused = size.decrementAndGet();
      if (instance.is(Standing.HELD)) {
        unused = held.decrementAndGet();
        waiting.remove(instance);
      } else if (instance.is(Standing.STALE)) {
        unused = stale.decrementAndGet();
      }
    }
  }

  /** Whether a service has got its first instance since the last time that this was asked. */
  boolean takeAppeared() {
    boolean any = appeared;
    appeared = false;
    return any;
  }

  Collection<KnownService> services() {
    return services.values();
  }

  /** The one that has been HELD for longest; null if none is. */
  KnownInstance heldLongest() {
    return waiting.isEmpty() ? null : waiting.iterator().next();
  }

  /** Whether a service has any instance. Any thread. */
  boolean has(String name) {
    return services.containsKey(name);
  }

  /** Those that have instances. Any thread. */
  Set<String> names() {
    return Collections.unmodifiableSet(services.keySet());
  }

  /** The instances of a service, sorted; null if there are none. */
  List<Instance> instances(String name) {
    KnownService service = services.get(name);
    return service == null ? null : service.instances();
  }

  /** The same as the routes see them; null if there are none. */
  List<Endpoint> endpoints(String name) {
    KnownService service = services.get(name);
    return service == null ? null : service.endpoints(drains);
  }

  /** The same for who only looks. */
  List<Endpoint> shown(String name) {
    List<Endpoint> shown = new ArrayList<>();
    KnownService service = services.get(name);
    if (service != null) {
      service.all().forEach(each -> shown.add(each.shown(drains)));
    }
    return shown;
  }

  /**
   * Others are drained from now on.
   *
   * @return the services that have one of which something else is said than before
   */
  Set<String> drain(Drains next) {
    Set<String> places = new HashSet<>();
    drains.all().forEach(each -> places.add(each.instance()));
    next.all().forEach(each -> places.add(each.instance()));
    places.removeIf(place -> Objects.equals(drains.note(place), next.note(place)));
    drains = next;
    Set<String> affected = new HashSet<>();
    if (!places.isEmpty()) {
      for (KnownService service : services.values()) {
        if (places.stream().anyMatch(place -> service.at(place) != null)) {
          affected.add(service.name());
        }
      }
    }
    return affected;
  }

  /** The same with how each stands. */
  List<KnownInstance> known(String name) {
    KnownService service = services.get(name);
    return service == null ? null : new ArrayList<>(service.all());
  }

  /** How many there are; one that hosts two services counts twice. Any thread. */
  int size() {
    return size.get();
  }

  int held() {
    return held.get();
  }

  int stale() {
    return stale.get();
  }
}
