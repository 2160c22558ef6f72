package io.meshagent.core.route;

import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.balance.RoundRobin;
import io.meshagent.core.balance.SharedStatistics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The routes of this JVM. Thread-safe. */
public final class Routes {

  /** Stands for a channel that does not say its scheme. */
  private static final String ANY = "";

  private final long jvm;
  private final Balancer balancer;
  private final SharedStatistics statistics = new SharedStatistics();

  /** By scheme, of which gRPC has two. */
  private final Map<String, Selection> selections = new ConcurrentHashMap<>();

  /**
   * @param jvm any number that other JVMs do not have
   */
  public Routes(long jvm) {
    this(jvm, new RoundRobin());
  }

  Routes(long jvm, Balancer balancer) {
    this.jvm = jvm;
    this.balancer = balancer;
  }

  /**
   * The route of a service.
   *
   * @param scheme that of the channels; null where it is not known
   */
  public Route of(Service service, String scheme) {
    Selection selection =
        selections.computeIfAbsent(
            scheme == null ? ANY : scheme, unused -> new Selection(scheme, jvm));
    return new SelectedRoute(service, selection);
  }

  private final class SelectedRoute implements Route {

    private final Service service;
    private final Selection selection;

    SelectedRoute(Service service, Selection selection) {
      this.service = service;
      this.selection = selection;
    }

    @Override
    public Service service() {
      return service;
    }

    @Override
    public Endpoints used(Endpoints known) {
      return known.part(selection);
    }

    @Override
    public Balancer balancer() {
      return balancer;
    }

    @Override
    public Statistics statistics(Instance instance) {
      return statistics.of(instance);
    }
  }
}
