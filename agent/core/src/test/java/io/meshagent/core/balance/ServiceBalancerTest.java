package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Standing;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import io.meshagent.core.call.TestAgent;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceBalancerTest {

  private final TestAgent agent = new TestAgent();
  private int published;

  private static BalanceRule rule(BalancerKind kind, EjectionMode mode, Duration slowStart) {
    return new BalanceRule(kind, "", mode, EjectionSettings.DEFAULT, slowStart.toNanos());
  }

  private ServiceBalancer balancer(BalanceRule rule) {
    return new ServiceBalancer("a.B", rule, new SharedStatistics(), agent);
  }

  private Endpoint endpoint(int port, String weight) {
    InetSocketAddress address = InetSocketAddress.createUnresolved("h", port);
    Instance instance = new Instance("h", port, address, Map.of("weight", weight));
    return new Endpoint(instance, Standing.LIVE, agent.nanoTime());
  }

  /** Connected instances, as a channel shows them to its balancer. */
  private final class Connected implements Balancer.Candidates {
    private final List<Endpoint> endpoints;
    private final List<Statistics> statistics = new ArrayList<>();

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
    public void publishAgain() {
      published++;
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

  private static int[] picks(Balancer.Picker picker, int candidates) {
    int[] picks = new int[candidates];
    for (int i = 0; i < 1_000; i++) {
      picks[picker.pick(Attempt.ANY)]++;
    }
    return picks;
  }

  @Test
  void one_that_fails_is_left_out_probed_once_and_back_when_it_answers() {
    ServiceBalancer balancer =
        balancer(rule(BalancerKind.ROUND_ROBIN, EjectionMode.ON, Duration.ZERO));
    Connected connected = new Connected(balancer, endpoint(1, "100"), endpoint(2, "100"));
    assertThat(picks(balancer.picker(connected), 2)).containsExactly(500, 500);

    connected.fails(0, 7);
    assertThat(published).isEqualTo(1);
    Balancer.Picker picker = balancer.picker(connected);
    assertThat(picks(picker, 2)).containsExactly(0, 1_000);
    agent.pass(Duration.ofSeconds(2));
    assertThat(picks(picker, 2)).as("a probe").containsExactly(1, 999);

    connected.end(0, Code.OK);
    assertThat(published).isEqualTo(2);
    assertThat(picks(balancer.picker(connected), 2)).containsExactly(500, 500);
  }

  @Test
  void where_it_is_only_reported_it_gets_its_share() {
    ServiceBalancer balancer =
        balancer(rule(BalancerKind.ROUND_ROBIN, EjectionMode.REPORT, Duration.ZERO));
    Connected connected = new Connected(balancer, endpoint(1, "100"), endpoint(2, "100"));
    connected.fails(0, 7);
    assertThat(picks(balancer.picker(connected), 2)).containsExactly(500, 500);
  }

  @Test
  void another_rule_counts_from_the_next_picker_on_though_nobody_has_counted_before() {
    ServiceBalancer balancer = balancer(BalanceRule.ROUND_ROBIN);
    assertThat(balancer.readsStatistics()).isFalse();
    Connected before = new Connected(balancer, endpoint(1, "100"), endpoint(2, "300"));
    assertThat(picks(balancer.picker(before), 2)[1]).isBetween(749, 751);

    balancer.become(rule(BalancerKind.P2C, EjectionMode.ON, Duration.ZERO));
    assertThat(balancer.readsStatistics()).isTrue();
    assertThat(picks(balancer.picker(before), 2)[1]).as("as before").isBetween(749, 751);
    assertThat(published).isEqualTo(1);
  }

  @Test
  void ejection_that_is_switched_on_knows_the_instances_that_were_there_before() {
    ServiceBalancer balancer = balancer(BalanceRule.ROUND_ROBIN);
    Endpoint[] both = {endpoint(1, "100"), endpoint(2, "100")};
    balancer.knows(Endpoints.of(List.of(both)));
    balancer.become(rule(BalancerKind.ROUND_ROBIN, EjectionMode.ON, Duration.ZERO));

    Connected connected = new Connected(both);
    List<Statistics> seen = connected.statistics;
    connected.endpoints.forEach(each -> seen.add(balancer.statistics(each.instance())));
    connected.fails(0, 7);
    assertThat(picks(balancer.picker(connected), 2)).containsExactly(0, 1_000);
  }

  @Test
  void a_young_instance_gets_a_tenth_and_more_with_each_second() {
    ServiceBalancer balancer =
        balancer(rule(BalancerKind.ROUND_ROBIN, EjectionMode.OFF, Duration.ofSeconds(10)));
    Endpoint old = endpoint(1, "100");
    agent.pass(Duration.ofSeconds(60));
    Connected connected = new Connected(balancer, old, endpoint(2, "100"));

    assertThat(picks(balancer.picker(connected), 2)[1]).isBetween(89, 93);
    agent.pass(Duration.ofSeconds(5));
    assertThat(published).as("once, until a picker is made").isEqualTo(1);
    assertThat(picks(balancer.picker(connected), 2)[1]).isBetween(331, 335);
    agent.pass(Duration.ofSeconds(5));
    assertThat(picks(balancer.picker(connected), 2)).containsExactly(500, 500);
    agent.pass(Duration.ofSeconds(60));
    assertThat(published).isEqualTo(2);
  }
}
