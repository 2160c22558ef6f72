package io.meshagent.core.registry;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.StartedServer;
import io.meshagent.core.registry.health.HealthFollower;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

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
  private final Instance instance;
  private final Registrar owner;
  private final TaskLoop loop;
  private final List<ServerEntry> entries = new ArrayList<>();
  private final Leaving leaving;

  /** Null if the server has no health service, or its word does not count. */
  private HealthFollower health;

  /** Guarded by this: threads of the program ask. */
  private boolean asked;

  PublishedServer(
      StartedServer server,
      Instance instance,
      Collection<String> services,
      Registry registry,
      Registrar owner,
      TaskLoop loop) {
    this.server = server;
    this.instance = instance;
    this.owner = owner;
    this.loop = loop;
    this.leaving = new Leaving(this, owner.delayNanos(), loop);
    for (String service : services) {
      entries.add(new ServerEntry(service, instance, registry, loop, this::changed));
    }
  }

  StartedServer server() {
    return server;
  }

  /**
   * Publishes every service, now or as its health allows.
   *
   * @param follower null if health does not matter
   */
  void publish(HealthFollower follower) {
    health = follower;
    if (follower == null) {
      entries.forEach(ServerEntry::publish);
    } else {
      follower.start(this::followHealth);
    }
  }

  private void followHealth() {
    if (leaving.hasBegun()) {
      return;
    }
    long withdrawAfter = withdrawAfter(owner.isIdle() ? 0 : owner.delayNanos());
    for (ServerEntry entry : entries) {
      Boolean serving = health.isServing(entry.service());
      if (serving != null && serving) {
        entry.publish();
      } else if (serving != null) {
        entry.leave(withdrawAfter);
      }
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
    if (health != null) {
      health.close();
    }
    entries.forEach(entry -> entry.leave(withdrawAfter(delayNanos)));
  }

  private static long withdrawAfter(long delayNanos) {
    return Math.max(GAP_NANOS, delayNanos / 3);
  }

  /** How long from now the server has to go on answering, if clients need so long to see it. */
  long neededNanos(long delayNanos) {
    long longest = 0;
    for (ServerEntry entry : entries) {
      longest = Math.max(longest, entry.neededNanos(delayNanos));
    }
    return longest;
  }

  boolean isWithdrawn() {
    return entries.stream().allMatch(entry -> entry.state() == EntryState.WITHDRAWN);
  }

  private void changed() {
    leaving.look();
    owner.changed();
  }

  /** It has left: nothing of it is in the registry, and it may be down. */
  void gone() {
    owner.gone(this);
  }

  void eachEntry(BiConsumer<String, EntryState> reader) {
    for (ServerEntry entry : entries) {
      reader.accept(entry.service() + " " + instance.hostPort(), entry.state());
    }
  }

  @Override
  public String toString() {
    return instance.hostPort();
  }
}
