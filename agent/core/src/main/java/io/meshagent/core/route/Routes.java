package io.meshagent.core.route;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.KnownChannel;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Service;
import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.balance.ServiceBalancer;
import io.meshagent.core.balance.SharedStatistics;
import io.meshagent.core.config.InstanceLabels;
import io.meshagent.core.route.rule.Routing;
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
  private final Function<String, Routing> routings;
  private final Agent agent;
  private final SharedStatistics statistics = new SharedStatistics();

  private final Selections selections;
  private final Targets targets;

  /** Guarded by itself. A service that the directory lets go of takes its own with it. */
  private final Map<Service, ServiceRouting> services = new WeakHashMap<>();

  /** Guarded by itself, and as the balancers. */
  private final Map<Service, AddressedService> addressed = new WeakHashMap<>();

  /** For a program that says nothing of zones and targets; the parameters as below. */
  public Routes(long jvm, Function<String, BalanceRule> rules, Agent agent) {
    this(jvm, "", rules, agent);
  }

  /** For one that says nothing of targets, and leads calls to any instance. */
  public Routes(long jvm, String zone, Function<String, BalanceRule> rules, Agent agent) {
    this(jvm, zone, rules, service -> Routing.NONE, Targets.NONE, agent);
  }

  /**
   * @param jvm any number that other JVMs do not have
   * @param zone this program's; empty if it does not say it
   * @param rules how the attempts on a service are spread, by its name; asked again with each
   *     {@link #rulesChanged}
   * @param routings where they are led before that; the same
   * @param targets what is said of channels by those
   */
  public Routes(
      long jvm,
      String zone,
      Function<String, BalanceRule> rules,
      Function<String, Routing> routings,
      Targets targets,
      Agent agent) {
    this.selections = new Selections(jvm, zone);
    this.rules = rules;
    this.routings = routings;
    this.targets = targets;
    this.agent = agent;
  }

  /**
   * A channel of the program.
   *
   * @param target as the program wrote it
   * @param scheme null where it is not known
   * @param governed whether policies apply to its calls
   * @param news told what is {@linkplain KnownChannel#routed said} of it
   */
  public KnownChannel channel(String target, String scheme, boolean governed, ChannelNews news) {
    InstanceLabels mapped = targets.of(target);
    return new RoutedChannel(
        this, target, mapped, selections.ofChannels(scheme, mapped), governed, news);
  }

  /**
   * The route of a service for channels of which nothing else is said.
   *
   * @param scheme null where it is not known
   */
  public Route of(Service service, String scheme) {
    return channel("", scheme, true, (why, services) -> {}).route(service);
  }

  Route of(Service service, ChannelSelections selection, RoutedChannel channel) {
    return new SelectedRoute(service, selection, routing(service), addressed(service), channel);
  }

  /** A route as it would be if a channel used it, which leaves nothing behind. */
  SelectedRoute supposed(
      String service, Endpoints known, ChannelSelections selection, RoutedChannel channel) {
    ServiceRouting routing = null;
    for (Map.Entry<Service, ServiceRouting> each : all().entrySet()) {
      routing = each.getKey().name().equals(service) ? each.getValue() : routing;
    }
    Service nobody = new SupposedService(service, known);
    return new SelectedRoute(
        nobody,
        selection,
        routing == null ? made(nobody) : routing,
        new AddressedService(service, targets.keepAddressed(), agent),
        channel);
  }

  private AddressedService addressed(Service service) {
    synchronized (addressed) {
      return addressed.computeIfAbsent(
          service, of -> new AddressedService(of.name(), targets.keepAddressed(), agent));
    }
  }

  private ServiceRouting routing(Service service) {
    synchronized (services) {
      return services.computeIfAbsent(service, this::made);
    }
  }

  private ServiceRouting made(Service of) {
    String name = of.name();
    return new ServiceRouting(
        new ServiceBalancer(name, rules.apply(name), statistics, agent), routings.apply(name));
  }

  /** Attempts are led and spread by other rules from now on. */
  public void rulesChanged() {
    all()
        .forEach(
            (service, of) -> {
              of.balancer.become(rules.apply(service.name()));
              of.become(service, routings.apply(service.name()));
            });
  }

  private Map<Service, ServiceRouting> all() {
    synchronized (services) {
      return new HashMap<>(services);
    }
  }

  /**
   * So many programs like this one call from each zone, as far as the directory tells.
   *
   * @param byZone empty if it does not
   */
  public void callers(Map<String, Integer> byZone) {
    selections.callers(byZone);
    all().values().forEach(ServiceRouting::forgetSelections);
    rulesChanged();
  }

  /** What balancing does that people may want to know, by heading, for the page. */
  public Map<String, Object> facts() {
    Map<String, ServiceBalancer> byName = new TreeMap<>();
    all().forEach((service, of) -> byName.put(service.name(), of.balancer));
    List<Map<String, Object>> leftOut = new ArrayList<>();
    Map<String, Object> zones = new TreeMap<>();
    Map<String, Object> seen = new TreeMap<>();
    byName.forEach(
        (service, of) -> {
          if (!of.seen().isEmpty()) {
            seen.put(service, of.seen());
          }
          leftOut.addAll(of.leftOut());
          if (!of.byZone().isEmpty()) {
            zones.put(service, percent(of.byZone()));
          }
        });
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("seen", seen);
    facts.put("left out", leftOut);
    facts.put("calls by zone", zones);
    facts.put("attempts under way", statistics.underWay());
    return facts;
  }

  private static Map<String, Object> percent(Map<String, Double> shares) {
    Map<String, Object> percent = new TreeMap<>();
    shares.forEach(
        (zone, share) ->
            percent.put(zone.isEmpty() ? "no zone" : zone, Math.round(100 * share) + " %"));
    return percent;
  }
}
