package io.meshagent.grpc.reroute;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Service;
import io.meshagent.grpc.base.ChannelFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The routes of one channel: one for each service that was called for, until the directory forgets
 * the service. Confined to the channel's sync context, but for {@link #isNew}.
 */
final class ChannelRoutes {

  private final ChannelSync sync;
  private final ChannelFacts facts;
  private final Connections connections;
  private final WarmUp youth;
  private final ServiceRoute.Wishes wishes;

  /** Every service that was called for, added to by calls. */
  private final Set<Service> called = ConcurrentHashMap.newKeySet();

  private final List<ServiceRoute> routes = new ArrayList<>();

  ChannelRoutes(
      ChannelSync sync,
      ChannelFacts facts,
      Connections connections,
      WarmUp youth,
      ServiceRoute.Wishes wishes) {
    this.sync = sync;
    this.facts = facts;
    this.connections = connections;
    this.youth = youth;
    this.wishes = wishes;
  }

  /** Whether nobody has called for the service before: then it is to be added. Any thread. */
  boolean isNew(Service service) {
    return called.add(service);
  }

  /** Adds those that were called for while the channel was idle. */
  void addCalled() {
    facts.calledServices().removeIf(Service::isForgotten);
    for (Service service : facts.calledServices()) {
      if (isNew(service)) {
        add(service);
      }
    }
  }

  void add(Service service) {
    if (service.isForgotten()) {
      called.remove(service);
      return;
    }
    facts.calledServices().add(service);
    youth.begin();
    ServiceRoute route =
        new ServiceRoute(
            facts.known().route(service), facts.scheme(), sync.mesh(), connections, youth, wishes);
    routes.add(route);
    route.watch();
    boolean unused = route.update();
  }

  /**
   * The directory knows something new of the route's service.
   *
   * @return whether picks have to know
   */
  boolean update(ServiceRoute route) {
    boolean changed = routes.contains(route) && route.update();
    if (route.service().isForgotten()) {
      letGo(route);
      changed = true;
    }
    boolean others = updateClosed();
    return changed || others;
  }

  /** Nobody asks for the service any more, and it is nowhere. */
  private void letGo(ServiceRoute route) {
    Service service = route.service();
    route.unwatch();
    routes.remove(route);
    facts.calledServices().remove(service);
    called.remove(service);
  }

  /** An update of one service may have replaced connections that others use, too. */
  private boolean updateClosed() {
    boolean changed = false;
    for (ServiceRoute route : routes) {
      changed |= route.holdsClosed() && route.update();
    }
    return changed;
  }

  /**
   * Any of them may use other instances by now.
   *
   * @return whether one does
   */
  boolean lookAgain() {
    boolean changed = false;
    for (ServiceRoute route : routes) {
      changed |= route.lookAgain();
    }
    return changed;
  }

  void updateAll() {
    for (ServiceRoute route : routes) {
      boolean unused = route.update();
    }
  }

  boolean isEmpty() {
    return routes.isEmpty();
  }

  /** Whether the directory can place calls of any. */
  boolean isAnyPresent() {
    for (ServiceRoute route : routes) {
      if (route.service().endpoints().state() == Endpoints.State.PRESENT) {
        return true;
      }
    }
    return false;
  }

  boolean isAnyFailing() {
    for (ServiceRoute route : routes) {
      if (route.isFailing()) {
        return true;
      }
    }
    return false;
  }

  /** What they say now, for a picker; the parameters as in {@link ServiceRoute#snapshot}. */
  RouteTable table(boolean ownIsUsed, boolean ownIsReached) {
    return RouteTable.of(routes, ownIsUsed, ownIsReached);
  }

  /** They are told of nothing any more. */
  void unwatch() {
    for (ServiceRoute route : routes) {
      route.unwatch();
    }
  }
}
