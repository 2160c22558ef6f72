package io.meshagent.core.route;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.balance.ServiceBalancer;
import io.meshagent.core.balance.SharedStatistics;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The routes of this JVM. Thread-safe. */
public final class Routes {

  /** Stands for a channel that does not say its scheme. */
  private static final String ANY = "";

  private final long jvm;
  private final Function<String, BalanceRule> rules;
  private final Agent agent;
  private final SharedStatistics statistics = new SharedStatistics();

  /** By scheme, of which gRPC has two. */
  private final Map<String, Selection> selections = new ConcurrentHashMap<>();

  /** Guarded by itself. A service that the directory lets go of takes its own with it. */
  private final Map<Service, ServiceBalancer> balancers = new WeakHashMap<>();

  /**
   * @param jvm any number that other JVMs do not have
   * @param rules how the attempts on a service are spread, by its name; asked again with each
   *     {@link #rulesChanged}
   */
  public Routes(long jvm, Function<String, BalanceRule> rules, Agent agent) {
    this.jvm = jvm;
    this.rules = rules;
    this.agent = agent;
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
    return new SelectedRoute(service, selection, balancer(service));
  }

  private ServiceBalancer balancer(Service service) {
    synchronized (balancers) {
      return balancers.computeIfAbsent(
          service, of -> new ServiceBalancer(of.name(), rules.apply(of.name()), statistics, agent));
    }
  }

  /** Attempts are spread by other rules from now on. */
  public void rulesChanged() {
    Map<ServiceBalancer, BalanceRule> changed = new ConcurrentHashMap<>();
    synchronized (balancers) {
      balancers.forEach((service, of) -> changed.put(of, rules.apply(service.name())));
    }
    changed.forEach(ServiceBalancer::become);
  }

  private static final class SelectedRoute implements Route {

    private final Service service;
    private final Selection selection;
    private final ServiceBalancer balancer;

    SelectedRoute(Service service, Selection selection, ServiceBalancer balancer) {
      this.service = service;
      this.selection = selection;
      this.balancer = balancer;
    }

    @Override
    public Service service() {
      return service;
    }

    @Override
    public Endpoints used(Endpoints known) {
      balancer.knows(known);
      return known.part(selection);
    }

    @Override
    public Balancer balancer() {
      return balancer;
    }

    @Override
    public Statistics statistics(Instance instance) {
      return balancer.statistics(instance);
    }
  }
}
