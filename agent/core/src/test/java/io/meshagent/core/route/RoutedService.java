package io.meshagent.core.route;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.LiveEndpoints;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.policy.route.RouteKeys;
import io.meshagent.core.route.rule.RouteRule;
import io.meshagent.core.route.rule.Routing;
import io.meshagent.core.route.rule.TestAttempt;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A service whose calls are routed as a test says, and channels that know it. */
final class RoutedService {

  static final Service SERVICE =
      (Service)
          Proxy.newProxyInstance(
              Service.class.getClassLoader(),
              new Class<?>[] {Service.class},
              (proxy, method, args) ->
                  switch (method.getName()) {
                    case "name" -> "a.B";
                    case "hashCode" -> 1;
                    case "equals" -> args[0] == proxy;
                    default -> null;
                  });

  final TestAgent agent = new TestAgent();
  private final List<Instance> instances = new ArrayList<>();
  private Routing routing = Routing.NONE;
  BalanceRule balance = BalanceRule.ROUND_ROBIN;
  final Routes routes = new Routes(3, "", name -> balance, name -> routing, Targets.NONE, agent);
  final Route route = routes.of(SERVICE, "http");

  void rule(String text) {
    RouteRule rule = RouteKeys.ROUTE.type().parse(text).value();
    routing = new Routing(rule.named("client.route@a.B"), null);
    routes.rulesChanged();
  }

  void lanes() {
    routing = new Routing(routing.rule(), "lane");
    routes.rulesChanged();
  }

  /** So many more, each with these facts. */
  void have(int count, String... facts) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < facts.length; i += 2) {
      all.put(facts[i], facts[i + 1]);
    }
    for (int i = 0; i < count; i++) {
      String host = String.format("h%05d", instances.size());
      instances.add(new Instance(host, 1, InetSocketAddress.createUnresolved(host, 1), all));
    }
  }

  Endpoints directory() {
    return LiveEndpoints.of(instances);
  }

  /** Those of a channel that are connected. */
  final class Channel implements Balancer.Candidates {
    private final Endpoints known;
    private final List<Endpoint> connected;
    private final List<Endpoint> failing = new ArrayList<>();
    private final Map<Endpoint, Statistics> statistics = new HashMap<>();
    int published;

    Channel() {
      this(Set.of());
    }

    /** All that the route uses but those by number. */
    Channel(Set<Integer> waiting) {
      known = directory();
      connected = new ArrayList<>(route.used(known).list());
      connected.removeIf(each -> waiting.contains(number(each)));
      connected.forEach(each -> statistics.put(each, route.statistics(each.instance())));
    }

    @Override
    public int size() {
      return connected.size();
    }

    @Override
    public Endpoint endpoint(int index) {
      return connected.get(index);
    }

    @Override
    public Endpoints known() {
      return known;
    }

    @Override
    public List<Endpoint> unreachable() {
      return failing;
    }

    @Override
    public Statistics statistics(int index) {
      return route.balancer().readsStatistics() ? statistics.get(connected.get(index)) : null;
    }

    @Override
    public void publishAgain() {
      published++;
    }

    void fail(int number) {
      for (Endpoint each : known.list()) {
        if (number(each) == number) {
          failing.add(each);
        }
      }
    }

    /** The number of the instance that an attempt gets, or as the picker says. */
    int pick(Attempt attempt) {
      return numbered(route.balancer().picker(this).pick(attempt));
    }

    int numbered(int picked) {
      return picked < 0 ? picked : number(connected.get(picked));
    }

    /** How many of so many attempts each gets, by the value of a label. */
    Map<String, Integer> picks(int times, String label, Attempt attempt) {
      Balancer.Picker picker = route.balancer().picker(this);
      Map<String, Integer> picks = new TreeMap<>();
      for (int i = 0; i < times; i++) {
        Instance its = connected.get(picker.pick(attempt)).instance();
        picks.merge(its.metadata().getOrDefault(label, "none"), 1, Integer::sum);
      }
      return picks;
    }
  }

  static int number(Endpoint endpoint) {
    return Integer.parseInt(endpoint.instance().host().substring(1));
  }

  static Attempt with(String... headers) {
    return new TestAttempt(0, headers);
  }

  static Attempt inLane(String lane) {
    return with("baggage", "user=7,lane=" + lane);
  }

  void failSevenTimes(Channel channel, int index) {
    for (int i = 0; i < 7; i++) {
      channel.statistics(index).begin();
      channel.statistics(index).end(Code.UNAVAILABLE, true, false, 1_000, agent.nanoTime());
    }
  }

  /** Those that 200 such attempts get. */
  Set<Integer> numbers(Channel channel, Attempt attempt) {
    Balancer.Picker picker = route.balancer().picker(channel);
    Set<Integer> numbers = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      numbers.add(channel.numbered(picker.pick(attempt)));
    }
    return numbers;
  }
}
