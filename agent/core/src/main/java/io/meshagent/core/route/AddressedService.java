package io.meshagent.core.route;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Service;
import io.meshagent.core.config.KeepAddressed;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Whether this program means instances of a service by their addresses: shards, Raft peers, a pool
 * of its own. That is known as soon as two channels that are in use at the same time are built for
 * the addresses of different instances, and stays known. Thread-safe; nobody is told under its
 * lock.
 */
final class AddressedService {

  private final String name;
  private final KeepAddressed mode;
  private final Agent agent;

  /** Guarded by this. How many channels are built for an address. */
  private final Map<InetSocketAddress, Integer> dialled = new HashMap<>();

  /** Guarded by this. Weak, as the service holds them. */
  private final Set<Service.Watcher> watchers = Collections.newSetFromMap(new WeakHashMap<>());

  /** Volatile: set under the lock, read wherever something changes. */
  private volatile boolean meant;

  /** Volatile for the same reason. What was looked through in vain with the present addresses. */
  private volatile Endpoints inVain;

  /** Volatile for the same reason. Of what was asked about last. */
  private volatile AddressIndex index = new AddressIndex(Endpoints.ABSENT);

  AddressedService(String name, KeepAddressed mode, Agent agent) {
    this.name = name;
    this.mode = mode;
    this.agent = agent;
  }

  /**
   * A channel is used for the service.
   *
   * @param address that of its target; null if that is not one
   * @param watcher told when it becomes known that addresses are meant
   */
  synchronized void add(InetSocketAddress address, Service.Watcher watcher) {
    watchers.add(watcher);
    if (address != null && dialled.merge(address, 1, Integer::sum) == 1) {
      inVain = null;
    }
  }

  /** It is not, or not at that address. */
  synchronized void remove(InetSocketAddress address, Service.Watcher watcher) {
    watchers.remove(watcher);
    if (address != null) {
      dialled.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    }
  }

  /** The instance that a channel keeps to as long as it is there; null if it keeps to none. */
  Endpoint kept(InetSocketAddress address, Service service, Endpoints known) {
    return isMeant(service, known) ? index(known).find(address) : null;
  }

  /** Whether channels keep to what they are built for. */
  boolean isMeant(Service service, Endpoints known) {
    if (mode != KeepAddressed.AUTO) {
      return mode == KeepAddressed.ALWAYS;
    }
    if (meant || isInVain(known)) {
      return meant;
    }
    List<Service.Watcher> told = look(known);
    if (!told.isEmpty()) {
      agent.warn(
          "this program has channels to several instances of "
              + name
              + " by their addresses, so each of them keeps to its own as long as that is there"
              + " (discover.keep-addressed)");
      // Those that were there before have spread their calls so far.
      agent.asGuest(() -> told.forEach(watcher -> watcher.changed(service)));
    }
    return meant;
  }

  @SuppressWarnings("ReferenceEquality") // A snapshot that is another one is looked through again.
  private boolean isInVain(Endpoints known) {
    return inVain == known;
  }

  /** Who is to be told; empty if there is nothing to tell. */
  private synchronized List<Service.Watcher> look(Endpoints known) {
    Set<String> instances = new HashSet<>();
    if (dialled.size() > 1 && !meant) {
      AddressIndex all = index(known);
      for (InetSocketAddress address : dialled.keySet()) {
        Endpoint there = all.find(address);
        if (there != null) {
          instances.add(there.instance().hostPort());
        }
      }
    }
    if (instances.size() < 2) {
      inVain = known;
      return new ArrayList<>();
    }
    meant = true;
    return new ArrayList<>(watchers);
  }

  private AddressIndex index(Endpoints known) {
    AddressIndex last = index;
    if (!last.isOf(known)) {
      last = new AddressIndex(known);
      index = last;
    }
    return last;
  }
}
