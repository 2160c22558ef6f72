package io.meshagent.core.route;

import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Service;
import io.meshagent.core.balance.ServiceBalancer;
import io.meshagent.core.route.rule.Routing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How the attempts on one service are led and spread, for all channels of this JVM: its balancer,
 * and the routing in force. Must not refer to its service, which it goes with. Thread-safe.
 */
final class ServiceRouting {

  /** A routing, and what was made of it by scheme. */
  private static final class InForce {
    final Routing routing;
    final Map<Selection, RoutedBalancer> balancers = new ConcurrentHashMap<>();

    InForce(Routing routing) {
      this.routing = routing;
    }
  }

  final ServiceBalancer balancer;

  /** Volatile: replaced by whoever brings other settings, read by whoever makes a picker. */
  private volatile InForce inForce;

  /** Those that are told of another routing; held weakly, as by a service. */
  private final Set<Service.Watcher> watchers =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  ServiceRouting(ServiceBalancer balancer, Routing routing) {
    this.balancer = balancer;
    this.inForce = new InForce(routing);
  }

  /** The one in force. */
  Routing routing() {
    return inForce.routing;
  }

  /** Null where any instance will do. */
  RoutedBalancer routed(Selection selection) {
    InForce now = inForce;
    return now.routing.isNone()
        ? null
        : now.balancers.computeIfAbsent(
            selection, of -> new RoutedBalancer(now.routing, of, balancer));
  }

  Balancer balancer(Selection selection) {
    RoutedBalancer routed = routed(selection);
    return routed == null ? balancer : routed;
  }

  /** There are others from now on; those of before would be kept for nothing. */
  void forgetSelections() {
    inForce = new InForce(inForce.routing);
  }

  /** Another routing is in force from now on. */
  void become(Service service, Routing next) {
    if (inForce.routing.isAs(next)) {
      return;
    }
    inForce = new InForce(next);
    List<Service.Watcher> told;
    synchronized (watchers) {
      told = new ArrayList<>(watchers);
    }
    told.forEach(watcher -> watcher.changed(service));
  }

  void watch(Service.Watcher watcher) {
    watchers.add(watcher);
  }

  void unwatch(Service.Watcher watcher) {
    watchers.remove(watcher);
  }
}
