package io.meshagent.core.balance;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Standing;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.api.Zones;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import io.meshagent.core.call.TestAgent;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A balancer of one service, and instances that a channel shows to it. */
abstract class ServiceBalancerFixture {

  final TestAgent agent = new TestAgent();
  int published;

  static BalanceRule rule(BalancerKind kind, EjectionMode mode, Duration slowStart) {
    return new BalanceRule(kind, "", mode, EjectionSettings.DEFAULT, slowStart.toNanos());
  }

  ServiceBalancer balancer(BalanceRule rule) {
    return new ServiceBalancer("a.B", rule, new SharedStatistics(), agent);
  }

  Endpoint endpoint(int port, String weight) {
    return endpoint(port, Map.of("weight", weight));
  }

  Endpoint endpoint(int port, Map<String, String> facts) {
    InetSocketAddress address = InetSocketAddress.createUnresolved("h", port);
    return new Endpoint(new Instance("h", port, address, facts), Standing.LIVE, agent.nanoTime());
  }

  Endpoint inZone(int port, String zone) {
    return endpoint(port, Map.of("zone", zone));
  }

  /** Connected instances, as a channel shows them to its balancer. */
  final class Connected implements Balancer.Candidates {
    final List<Endpoint> endpoints;
    final List<Statistics> statistics = new ArrayList<>();
    Endpoints used = Endpoints.UNKNOWN;
    List<Endpoint> unreachable = List.of();

    Connected(Endpoint... endpoints) {
      this.endpoints = List.of(endpoints);
    }

    Connected(ServiceBalancer balancer, Endpoint... endpoints) {
      this(endpoints);
      if (balancer.readsStatistics()) {
        balancer.knows(Endpoints.of(this.endpoints));
        this.endpoints.forEach(each -> statistics.add(balancer.statistics(each.instance())));
      }
    }

    @Override
    public int size() {
      return endpoints.size();
    }

    @Override
    public Endpoint endpoint(int index) {
      return endpoints.get(index);
    }

    @Override
    public Statistics statistics(int index) {
      return statistics.isEmpty() ? null : statistics.get(index);
    }

    @Override
    public Endpoints used() {
      return used;
    }

    @Override
    public List<Endpoint> unreachable() {
      return unreachable;
    }

    @Override
    public void publishAgain() {
      published++;
    }

    /** As a route in zone a uses them, of so many in all. */
    Connected ofZones(Map<String, Double> capacities) {
      used = Endpoints.of(endpoints, new Zones("a", capacities, Map.of()));
      return this;
    }

    void fails(int index, int times) {
      for (int i = 0; i < times; i++) {
        end(index, Code.UNAVAILABLE);
      }
    }

    void end(int index, Code code) {
      statistics(index).begin();
      statistics(index).end(code, true, false, 1_000, agent.nanoTime());
    }
  }

  static int[] picks(Balancer.Picker picker, int candidates) {
    int[] picks = new int[candidates];
    for (int i = 0; i < 1_000; i++) {
      picks[picker.pick(Attempt.ANY)]++;
    }
    return picks;
  }
}
