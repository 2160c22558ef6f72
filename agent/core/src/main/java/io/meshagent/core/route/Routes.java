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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.function.Function;

/** The routes of this JVM. Thread-safe. */
public final class Routes {

  private final Function<String, BalanceRule> rules;
  private final Agent agent;
  private final SharedStatistics statistics = new SharedStatistics();

  private final Selections selections;

  /** Guarded by itself. A service that the directory lets go of takes its own with it. */
  private final Map<Service, ServiceBalancer> balancers = new WeakHashMap<>();

  /** For a program that does not say in which zone it is; the parameters as below. */
  public Routes(long jvm, Function<String, BalanceRule> rules, Agent agent) {
    this(jvm, "", rules, agent);
  }

  /**
   * @param jvm any number that other JVMs do not have
   * @param zone this program's; empty if it does not say it
   * @param rules how the attempts on a service are spread, by its name; asked again with each
   *     {@link #rulesChanged}
   */
  public Routes(long jvm, String zone, Function<String, BalanceRule> rules, Agent agent) {
    this.selections = new Selections(jvm, zone);
    this.rules = rules;
    this.agent = agent;
  }

  /**
   * The route of a service.
   *
   * @param scheme that of the channels; null where it is not known
   */
  public Route of(Service service, String scheme) {
    return new SelectedRoute(service, scheme, selections, balancer(service));
  }

  private ServiceBalancer balancer(Service service) {
    synchronized (balancers) {
      return balancers.computeIfAbsent(
          service, of -> new ServiceBalancer(of.name(), rules.apply(of.name()), statistics, agent));
    }
  }

  /** Attempts are spread by other rules from now on. */
  public void rulesChanged() {
    Map<ServiceBalancer, BalanceRule> changed = new HashMap<>();
    synchronized (balancers) {
      balancers.forEach((service, of) -> changed.put(of, rules.apply(service.name())));
    }
    changed.forEach(ServiceBalancer::become);
  }

  /**
   * So many programs like this one call from each zone, as far as the directory tells.
   *
   * @param byZone empty if it does not
   */
  public void callers(Map<String, Integer> byZone) {
    selections.callers(byZone);
    rulesChanged();
  }

  /** What balancing does that people may want to know, by heading, for the page. */
  public Map<String, Object> facts() {
    Map<String, ServiceBalancer> byName = new TreeMap<>();
    synchronized (balancers) {
      balancers.forEach((service, of) -> byName.put(service.name(), of));
    }
    List<Map<String, Object>> leftOut = new ArrayList<>();
    Map<String, Object> zones = new TreeMap<>();
    byName.forEach(
        (service, of) -> {
          leftOut.addAll(of.leftOut());
          if (!of.byZone().isEmpty()) {
            zones.put(service, percent(of.byZone()));
          }
        });
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("left out", leftOut);
    facts.put("calls by zone", zones);
    return facts;
  }

  private static Map<String, Object> percent(Map<String, Double> shares) {
    Map<String, Object> percent = new TreeMap<>();
    shares.forEach(
        (zone, share) ->
            percent.put(zone.isEmpty() ? "no zone" : zone, Math.round(100 * share) + " %"));
    return percent;
  }

  private static final class SelectedRoute implements Route {

    private final Service service;

    /** Null where it is not known. */
    private final String scheme;

    private final Selections selections;
    private final ServiceBalancer balancer;

    SelectedRoute(Service service, String scheme, Selections selections, ServiceBalancer balancer) {
      this.service = service;
      this.scheme = scheme;
      this.selections = selections;
      this.balancer = balancer;
    }

    @Override
    public Service service() {
      return service;
    }

    @Override
    public Endpoints used(Endpoints known) {
      balancer.knows(known);
      return part(known, balancer.isWide());
    }

    private Endpoints part(Endpoints known, boolean wide) {
      return known.part(selections.of(scheme, balancer.rule(), wide));
    }

    @Override
    public boolean reachesFurther() {
      return part(service.endpoints(), false).zones() != null && balancer.widen();
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
