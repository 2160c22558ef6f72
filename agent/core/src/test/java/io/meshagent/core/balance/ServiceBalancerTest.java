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
import io.meshagent.core.api.Zones;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import io.meshagent.core.call.TestAgent;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    return endpoint(port, Map.of("weight", weight));
  }

  private Endpoint endpoint(int port, Map<String, String> facts) {
    InetSocketAddress address = InetSocketAddress.createUnresolved("h", port);
    return new Endpoint(new Instance("h", port, address, facts), Standing.LIVE, agent.nanoTime());
  }

  private Endpoint inZone(int port, String zone) {
    return endpoint(port, Map.of("zone", zone));
  }

  /** Connected instances, as a channel shows them to its balancer. */
  private final class Connected implements Balancer.Candidates {
    private final List<Endpoint> endpoints;
    private final List<Statistics> statistics = new ArrayList<>();
    private Endpoints used = Endpoints.UNKNOWN;
    private List<Endpoint> unreachable = List.of();

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
  void one_that_is_left_out_gets_nothing_by_the_picker_of_before_either() {
    for (BalancerKind kind : BalancerKind.values()) {
      ServiceBalancer balancer = balancer(rule(kind, EjectionMode.ON, Duration.ZERO));
      Connected connected =
          new Connected(balancer, endpoint(1, "100"), endpoint(2, "100"), endpoint(3, "100"));
      Balancer.Picker picker = balancer.picker(connected);
      connected.fails(0, 7);
      assertThat(picks(picker, 3)[0]).as(kind + ", but for bad luck").isLessThan(50);
    }
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

  @Test
  void an_instance_that_is_left_out_is_on_the_page_and_in_the_log_with_its_reason() {
    for (EjectionMode mode : new EjectionMode[] {EjectionMode.ON, EjectionMode.REPORT}) {
      agent.news.clear();
      ServiceBalancer balancer = balancer(rule(BalancerKind.ROUND_ROBIN, mode, Duration.ZERO));
      Connected connected = new Connected(balancer, endpoint(1, "100"), endpoint(2, "100"));
      assertThat(balancer.leftOut()).isEmpty();
      for (int i = 0; i < 100; i++) {
        connected.end(0, Code.OK);
      }
      connected.fails(0, 7);

      assertThat(balancer.leftOut()).hasSize(1);
      assertThat(balancer.leftOut().get(0))
          .containsEntry("service", "a.B")
          .containsEntry("instance", "h:1")
          .containsEntry(
              "gets calls", mode == EjectionMode.ON ? "none" : "its share (client.ejection=report)")
          .containsEntry("because", "7 failures in a row: UNAVAILABLE")
          .containsKeys("since", "next probe");
      assertThat(agent.news).hasSize(1);
      assertThat(agent.news.get(0))
          .startsWith("h:1 ")
          .contains("(7 failures in a row: UNAVAILABLE)");
      balancer.become(BalanceRule.ROUND_ROBIN);
      assertThat(balancer.leftOut()).as("with ejection off").isEmpty();
    }
  }

  @Test
  void what_happens_again_is_said_again_but_not_all_the_time() {
    EjectionNews news = new EjectionNews("a.B", agent);
    for (int minute = 0; minute < 3; minute++) {
      for (int second = 0; second < 60; second++) {
        news.ejected("h:1", "some reason " + second, false);
        agent.pass(Duration.ofSeconds(1));
      }
      assertThat(agent.news).hasSize(minute + 1);
    }
    for (int instance = 0; instance < 1_000; instance++) {
      news.ejected("h:" + instance, "all of them fail", true);
    }
    assertThat(agent.news).hasSize(3 + EjectionNews.MOST);
  }

  @Test
  void zones_get_their_shares_whatever_part_of_them_is_connected() {
    ServiceBalancer balancer = balancer(BalanceRule.ROUND_ROBIN);
    // A third of all callers has a sixth of all: half of its calls stay, zone b hands none on.
    Connected connected =
        new Connected(inZone(1, "a"), inZone(2, "a"), inZone(3, "c"))
            .ofZones(Map.of("a", 20.0, "b", 40.0, "c", 60.0));
    assertThat(picks(balancer.picker(connected), 3)).containsExactly(250, 250, 500);
    assertThat(balancer.byZone()).isEqualTo(Map.of("a", 0.5, "c", 0.5));
    assertThat(balancer.isWide()).isFalse();
  }

  @Test
  void where_the_own_zone_fails_all_are_used_at_once_and_given_up_when_it_is_well_again() {
    ServiceBalancer balancer =
        balancer(rule(BalancerKind.ROUND_ROBIN, EjectionMode.ON, Duration.ZERO));
    Map<String, Double> capacities = Map.of("a", 1.0, "b", 1.0, "c", 1.0);
    Endpoint near = inZone(1, "a");
    balancer.knows(Endpoints.of(List.of(near, inZone(2, "b"), inZone(3, "c"))));
    Connected connected = new Connected(near).ofZones(capacities);
    connected.statistics.add(balancer.statistics(near.instance()));
    assertThat(picks(balancer.picker(connected), 1)).containsExactly(1_000);
    assertThat(balancer.isWide()).isFalse();

    connected.fails(0, 7);
    assertThat(published).isEqualTo(1);
    assertThat(picks(balancer.picker(connected), 1)).as("nobody else is connected").contains(1_000);
    assertThat(balancer.isWide()).isTrue();
    assertThat(published).as("has the channel connect to others").isEqualTo(2);

    Connected wide = new Connected(near, inZone(2, "b"), inZone(3, "c")).ofZones(capacities);
    wide.endpoints.forEach(each -> wide.statistics.add(balancer.statistics(each.instance())));
    assertThat(picks(balancer.picker(wide), 3)).containsExactly(0, 500, 500);
    agent.pass(Duration.ofSeconds(31));
    assertThat(balancer.isWide()).as("may still be needed").isTrue();
    assertThat(picks(balancer.picker(wide), 3)[0]).as("a probe").isEqualTo(1);
    wide.end(0, Code.OK);
    assertThat(picks(balancer.picker(wide), 3)).containsExactly(1_000, 0, 0);
    agent.pass(Duration.ofSeconds(31));
    agent.pass(Duration.ofSeconds(31));
    assertThat(balancer.isWide()).isFalse();
  }

  @Test
  void what_can_not_be_reached_makes_its_zone_smaller() {
    ServiceBalancer balancer = balancer(BalanceRule.ROUND_ROBIN);
    Endpoint gone = inZone(4, "a");
    Connected connected =
        new Connected(inZone(1, "a"), inZone(2, "b"), inZone(3, "b"), gone)
            .ofZones(Map.of("a", 2.0, "b", 2.0));
    Connected reached = new Connected(inZone(1, "a"), inZone(2, "b"), inZone(3, "b"));
    reached.used = connected.used;
    assertThat(picks(balancer.picker(reached), 3)).containsExactly(1_000, 0, 0);
    reached.unreachable = List.of(gone);
    int[] picks = picks(balancer.picker(reached), 3);
    // One of three is left to half of the callers.
    assertThat(picks[0]).isBetween(660, 670);
    assertThat(balancer.isWide()).isTrue();
  }

  /** A retry of a call that has met these, by port. */
  private static Attempt retryOf(Integer... met) {
    return new Attempt() {
      @Override
      public String method() {
        return "a.B/C";
      }

      @Override
      public String header(String name) {
        return name.equals("x-key") ? "one" : null;
      }

      @Override
      public int number() {
        return met.length;
      }

      @Override
      public boolean hasTried(Instance instance) {
        return List.of(met).contains(instance.address().getPort());
      }

      @Override
      public double chance() {
        return 0;
      }

      @Override
      public boolean hasTriedAny() {
        return true;
      }
    };
  }

  @ParameterizedTest
  @EnumSource(BalancerKind.class)
  void a_retry_goes_to_an_instance_that_its_call_has_not_met_if_there_is_one(BalancerKind kind) {
    ServiceBalancer balancer =
        balancer(new BalanceRule(kind, "x-key", EjectionMode.OFF, EjectionSettings.DEFAULT, 0));
    Connected connected =
        new Connected(
            balancer, endpoint(1, "900"), endpoint(2, "100"), endpoint(3, "100"), endpoint(4, "0"));
    Balancer.Picker picker = balancer.picker(connected);
    for (int i = 0; i < 200; i++) {
      assertThat(picker.pick(retryOf(1))).as("not the one that weighs most").isIn(1, 2);
      assertThat(picker.pick(retryOf(1, 3))).isEqualTo(1);
      assertThat(picker.pick(retryOf(1, 2, 3))).as("any, but none that weighs 0").isNotEqualTo(3);
    }
  }

  @Test
  void retries_take_nobodys_turn() {
    ServiceBalancer balancer = balancer(BalanceRule.ROUND_ROBIN);
    Connected connected = new Connected(endpoint(1, "100"), endpoint(2, "100"), endpoint(3, "100"));
    Balancer.Picker picker = balancer.picker(connected);
    int bad = 0;
    for (int i = 0; i < 300; i++) {
      if (picker.pick(Attempt.ANY) == 0) {
        bad++;
        assertThat(picker.pick(retryOf(1))).isIn(1, 2);
      }
    }
    assertThat(bad).isEqualTo(100);
  }
}
