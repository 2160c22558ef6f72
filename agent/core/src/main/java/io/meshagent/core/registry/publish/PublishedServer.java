package io.meshagent.core.registry.publish;

import io.meshagent.core.api.HealthService;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.StartedServer;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.EntryState;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.ServerEntry;
import io.meshagent.core.registry.health.HealthFollower;
import io.meshagent.core.run.TaskLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A server of the program and its entries in the registry. Confined to the registrar's loop but for
 * {@link #leave()}.
 */
final class PublishedServer {

  /**
   * The least time from announcement to withdrawal: clients take what comes closer together as one
   * change, and would miss the announcement.
   */
  static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

  private final StartedServer server;
  private final Registry registry;
  private final Registrar owner;
  private final TaskLoop loop;
  private final TaskLoop inquiries;

  /** As others are told of it. */
  private Instance instance;

  /** By service: what it hosts, and what it does not host any more until that is withdrawn. */
  private final Map<String, ServerEntry> entries = new TreeMap<>();

  private final Leaving leaving;

  /** Never changed, but replaced. */
  private Set<String> hosted = Collections.emptySet();

  /** Whether all that follows from what it hosts was done: something may be thrown halfway. */
  private boolean whole;

  /** Null, as the next, if the server has no health service, or its word does not count. */
  private HealthService asks;

  private HealthFollower health;

  /** Guarded by this: threads of the program ask. */
  private boolean asked;

  PublishedServer(
      StartedServer server,
      Instance instance,
      Registry registry,
      Registrar owner,
      TaskLoop loop,
      TaskLoop inquiries) {
    this.server = server;
    this.instance = instance;
    this.registry = registry;
    this.owner = owner;
    this.loop = loop;
    this.inquiries = inquiries;
    this.leaving = new Leaving(this, owner.delayNanos(), loop);
  }

  StartedServer server() {
    return server;
  }

  /**
   * Publishes every service, now or as its health allows, and takes out what it no longer hosts:
   * soon, for whoever still calls that is told UNIMPLEMENTED.
   *
   * @param services what it hosts from now on
   * @param healthNow null if health does not matter
   */
  void host(Set<String> services, HealthService healthNow) {
    if (leaving.hasBegun() || (whole && services.equals(hosted) && healthNow == asks)) {
      return;
    }
    whole = false;
    Log.info("registering " + instance.hostPort() + " for " + services);
    hosted = Collections.unmodifiableSet(new TreeSet<>(services));
    if (healthNow != asks) {
      stopAsking();
      asks = healthNow;
    }
    for (ServerEntry entry : entries()) {
      if (!hosted.contains(entry.service())) {
        if (health != null) {
          health.forget(entry.service());
        }
        entry.leave(GAP_NANOS);
      }
    }
    for (String service : hosted) {
      entries.computeIfAbsent(
          service, name -> new ServerEntry(name, instance, registry, loop, this::changed));
    }
    if (asks == null) {
      hostedEntries().forEach(ServerEntry::publish);
    } else {
      if (health == null) {
        health = new HealthFollower(asks, loop, inquiries, this::followHealth);
      }
      health.follow(hosted);
    }
    whole = true;
  }

  private void stopAsking() {
    if (health != null) {
      health.close();
      health = null;
    }
  }

  /** A copy: an entry that is withdrawn may go. */
  private List<ServerEntry> entries() {
    return new ArrayList<>(entries.values());
  }

  private List<ServerEntry> hostedEntries() {
    List<ServerEntry> all = entries();
    all.removeIf(entry -> !hosted.contains(entry.service()));
    return all;
  }

  private void followHealth() {
    if (leaving.hasBegun()) {
      return;
    }
    long withdrawAfter = withdrawAfter(owner.isIdle() ? 0 : owner.delayNanos());
    for (ServerEntry entry : hostedEntries()) {
      Boolean serving = health.isServing(entry.service());
      if (serving != null && serving) {
        entry.publish();
      } else if (serving != null) {
        entry.leave(withdrawAfter);
      }
    }
  }

  /** Tells others a fact of its instance, or tells it no more; once it leaves nobody cares. */
  void tell(String fact, boolean holds) {
    Map<String, String> facts = new TreeMap<>(instance.metadata());
    Object before = holds ? facts.put(fact, "true") : facts.remove(fact);
    if ((before != null) != holds && !leaving.hasBegun()) {
      instance = new Instance(instance.host(), instance.port(), instance.address(), facts);
      entries.values().forEach(entry -> entry.tell(instance));
    }
  }

  /** The way out, begun by whoever asks first. Any thread. */
  Leaving leave() {
    synchronized (this) {
      if (asked) {
        return leaving;
      }
      asked = true;
    }
    loop.execute(() -> leaving.begin(owner.isIdle()));
    return leaving;
  }

  /** Announces every entry, and withdraws each in time for a shutdown after the delay. */
  void announce(long delayNanos) {
    stopAsking();
    entries().forEach(entry -> entry.leave(withdrawAfter(delayNanos)));
  }

  private static long withdrawAfter(long delayNanos) {
    return Math.max(GAP_NANOS, delayNanos / 3);
  }

  /** How long from now the server has to go on answering, if clients need so long to see it. */
  long neededNanos(long delayNanos) {
    long longest = 0;
    for (ServerEntry entry : hostedEntries()) {
      longest = Math.max(longest, entry.neededNanos(delayNanos));
    }
    return longest;
  }

  boolean isWithdrawn() {
    return entries.values().stream().allMatch(entry -> entry.state() == EntryState.WITHDRAWN);
  }

  private void changed() {
    entries
        .values()
        .removeIf(
            entry -> entry.state() == EntryState.WITHDRAWN && !hosted.contains(entry.service()));
    leaving.look();
    owner.changed();
  }

  /** It has left: nothing of it is in the registry, and it may be down. */
  void gone() {
    owner.gone(this);
  }

  /** How it stands now. */
  Standings.Standing standing() {
    Map<String, EntryState> states = new TreeMap<>();
    entries.forEach((service, entry) -> states.put(service, entry.state()));
    return new Standings.Standing(instance.hostPort(), states);
  }

  @Override
  public String toString() {
    return instance.hostPort();
  }
}
