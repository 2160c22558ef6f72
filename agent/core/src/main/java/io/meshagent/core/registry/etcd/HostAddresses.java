package io.meshagent.core.registry.etcd;

import io.meshagent.core.api.Instance;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.format.HostPort;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Where the hosts of entries are. A name that the name service does not know just now keeps the
 * address that it had, for a connection to there may be in the best of health; it is in doubt until
 * the name service knows it again. Confined to the feed's loop.
 *
 * <p>A name service that does not answer makes each question wait for seconds, and whoever writes
 * entries may write any number of names. It is then left alone for as long as it took, so that half
 * of the loop's time remains for all else.
 */
final class HostAddresses {

  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST_LINES = 10;

  /** As many as there may be instances in all, unless somebody wants more. */
  private static final int MOST_NAMES = 100_000;

  private final Function<HostPort, List<InetSocketAddress>> names;
  private final LongSupplier clock;

  /** By host:port; of names only. */
  private final Map<String, Known> known = new HashMap<>();

  /** Those of them that have become known since that was asked last. */
  private List<Known> fresh = new ArrayList<>();

  private final Map<String, Doubt> doubts = new HashMap<>();
  private long questions;
  private boolean newDoubts;

  /** Each host:port that was found, or found elsewhere, after an entry that has it was read. */
  private Set<String> moved = new HashSet<>();

  private long restUntil;

  /** How long questions took that came one after the other. */
  private long spent;

  private long askedAt;
  private int lines;

  /** A name with the address that it has, or had when it was last known. */
  static final class Known {
    private final HostPort at;
    private final NameRefresh.Turn turn = new NameRefresh.Turn();
    private InetSocketAddress address;

    Known(HostPort at) {
      this.at = at;
    }

    HostPort at() {
      return at;
    }

    NameRefresh.Turn turn() {
      return turn;
    }

    /**
     * Stays where it is if that is one of the addresses: of those that share a name, each answer
     * may name others first.
     *
     * @return whether it moved
     */
    private boolean is(List<InetSocketAddress> found) {
      if (found.isEmpty() || (address != null && found.contains(address))) {
        return false;
      }
      address = found.get(0);
      return true;
    }
  }

  /** A name that the name service did not know, or was not asked for. */
  private static final class Doubt {
    private final HostPort at;

    /** The order in which they were asked for; 0 if it was left out. */
    private long asked;

    Doubt(HostPort at) {
      this.at = at;
    }

    long asked() {
      return asked;
    }
  }

  /**
   * @param names asks the name service, on any thread; empty if that does not know
   */
  HostAddresses(Function<HostPort, List<InetSocketAddress>> names) {
    this(names, System::nanoTime);
  }

  HostAddresses(Function<HostPort, List<InetSocketAddress>> names, LongSupplier clock) {
    this.names = names;
    this.clock = clock;
    this.restUntil = clock.getAsLong();
    this.askedAt = restUntil;
  }

  /** Unresolved if it is a name that was never resolved. Blocks for a name. */
  InetSocketAddress of(HostPort at) {
    if (!at.isName()) {
      return at.resolve();
    }
    String hostPort = Instance.hostPort(at.host(), at.port());
    boolean isNew = !known.containsKey(hostPort) && !doubts.containsKey(hostPort);
    if (!isNew || known.size() + doubts.size() < MOST_NAMES || forgetOneNeverFound()) {
      ask(hostPort, at);
    } else {
      Log.warnOnce(
          "names",
          "there are more than "
              + MOST_NAMES
              + " host names in etcd; instances with further ones get no calls");
    }
    InetSocketAddress address = known(hostPort);
    return address == null ? InetSocketAddress.createUnresolved(at.host(), at.port()) : address;
  }

  /** Null for what is no name, or a name that was never resolved. */
  InetSocketAddress known(String hostPort) {
    Known place = known.get(hostPort);
    return place == null ? null : place.address;
  }

  /** Null for what is no name, or a name that was never resolved. */
  Known get(String hostPort) {
    return known.get(hostPort);
  }

  Collection<Known> all() {
    return known.values();
  }

  /** Those of all that are new since the last time that this was asked. */
  List<Known> takeFresh() {
    List<Known> some = fresh;
    fresh = new ArrayList<>();
    return some;
  }

  /** Any thread; blocks. Empty if the name service does not know it. */
  List<InetSocketAddress> resolve(HostPort at) {
    return names.apply(at);
  }

  /**
   * The name service was asked again.
   *
   * @param found empty if it did not know the name
   * @return whether it is elsewhere than it was
   */
  boolean take(Known place, List<InetSocketAddress> found) {
    String hostPort = Instance.hostPort(place.at.host(), place.at.port());
    InetSocketAddress before = place.address;
    if (known.get(hostPort) != place || !place.is(found)) {
      return false;
    }
    doubts.remove(hostPort);
    moved.add(hostPort);
    Log.info("the instance " + hostPort + " was at " + before + " and is at " + place.address);
    return true;
  }

  /** Each host:port that is elsewhere than entries have it, since this was asked last. */
  Set<String> takeMoved() {
    Set<String> all = moved;
    moved = new HashSet<>();
    return all;
  }

  /** Whoever invents names takes no room from those that can be found. */
  private boolean forgetOneNeverFound() {
    Iterator<String> each = doubts.keySet().iterator();
    while (each.hasNext()) {
      if (!known.containsKey(each.next())) {
        each.remove();
        return true;
      }
    }
    return false;
  }

  private boolean ask(String hostPort, HostPort at) {
    long began = clock.getAsLong();
    if (restUntil - began > 0) {
      doubt(hostPort, at);
      return false;
    }
    List<InetSocketAddress> found = names.apply(at);
    restIfLong(began, clock.getAsLong());
    if (!found.isEmpty()) {
      boolean wasAskedFor = known.containsKey(hostPort) || doubts.containsKey(hostPort);
      if (known.computeIfAbsent(hostPort, name -> fresh(at)).is(found) && wasAskedFor) {
        moved.add(hostPort);
      }
      doubts.remove(hostPort);
      return true;
    }
    doubt(hostPort, at).asked = ++questions;
    if (!known.containsKey(hostPort)) {
      warn(at.host());
    }
    return false;
  }

  private Known fresh(HostPort at) {
    Known place = new Known(at);
    fresh.add(place);
    return place;
  }

  private void restIfLong(long began, long now) {
    long idle = began - askedAt;
    spent = Math.max(0, spent - idle) + (now - began);
    askedAt = now;
    if (spent > SLOW_NANOS) {
      restUntil = now + spent;
      spent = 0;
    }
  }

  private Doubt doubt(String hostPort, HostPort at) {
    newDoubts |= !doubts.containsKey(hostPort);
    return doubts.computeIfAbsent(hostPort, unknown -> new Doubt(at));
  }

  private void warn(String host) {
    if (lines < MOST_LINES) {
      lines++;
      Log.warnOnce(
          "unresolved " + host,
          "the host name "
              + host
              + " of an instance in etcd can't be resolved; the instance gets no calls until it"
              + " can, which is tried again every few seconds; check the name service, or the"
              + " register.host of that program if this lasts");
    }
  }

  /** Asks again for all names in doubt; whether any of them was found. */
  boolean askAgain() {
    List<String> all = new ArrayList<>(doubts.keySet());
    // The one that took so long that the others were left out must not always be the first.
    all.sort(Comparator.comparingLong(hostPort -> doubts.get(hostPort).asked()));
    boolean any = false;
    for (String hostPort : all) {
      any |= ask(hostPort, doubts.get(hostPort).at);
    }
    return any;
  }

  boolean isInDoubt() {
    return !doubts.isEmpty();
  }

  /** Whether names have come into doubt since the last time that this was asked. */
  boolean takeNewDoubts() {
    boolean any = newDoubts;
    newDoubts = false;
    return any;
  }

  /** These are all that are needed. */
  void forgetAllBut(Set<String> hostPorts) {
    known.keySet().retainAll(hostPorts);
    doubts.keySet().retainAll(hostPorts);
  }
}
