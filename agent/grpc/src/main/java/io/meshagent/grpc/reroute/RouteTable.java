package io.meshagent.grpc.reroute;

import io.meshagent.core.api.Service;
import java.util.List;

/**
 * What a channel's routes say at one moment, by the number of their service, for a picker. A number
 * may have been another service's before, so that each part knows whose it is. Immutable.
 */
final class RouteTable {

  private final Service[] services;
  private final RouteSnapshot[] snapshots;

  private RouteTable(int size) {
    services = new Service[size];
    snapshots = new RouteSnapshot[size];
  }

  /** In the channel's sync context; what is said of its own as in {@link ServiceRoute#snapshot}. */
  static RouteTable of(List<ServiceRoute> routes, boolean ownIsUsed, boolean ownIsReached) {
    int size = 0;
    for (ServiceRoute route : routes) {
      size = Math.max(size, route.service().index() + 1);
    }
    RouteTable table = new RouteTable(size);
    for (ServiceRoute route : routes) {
      Service service = route.service();
      if (!service.isForgotten()) {
        table.services[service.index()] = service;
        table.snapshots[service.index()] = route.snapshot(ownIsUsed, ownIsReached);
      }
    }
    return table;
  }

  /** Null if the service has no route. */
  RouteSnapshot of(Service service) {
    int index = service.index();
    return index < services.length && services[index] == service ? snapshots[index] : null;
  }
}
