package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import io.meshagent.core.route.rule.TestAttempt;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceBalancerTest extends ServiceBalancerFixture {

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
  void one_that_has_not_answered_is_any_though_picks_pass_it_by() {
    ServiceBalancer balancer = balancer(rule(BalancerKind.P2C, EjectionMode.ON, Duration.ZERO));
    Connected connected =
        new Connected(balancer, endpoint(1, "100"), endpoint(2, "100"), endpoint(3, "100"));
    connected.end(0, Code.OK);
    connected.end(1, Code.OK);
    connected.statistics(2).begin();
    Balancer.Picker picker = balancer.picker(connected);

    assertThat(picks(picker, 3)[2]).as("but where all draws are of it").isLessThan(50);
    assertThat(picker.any(Attempt.ANY, index -> index == 2)).isEqualTo(2);
    assertThat(picker.any(Attempt.ANY, index -> false)).isEqualTo(Balancer.Picker.NONE);

    connected.fails(1, 7);
    assertThat(picker.any(Attempt.ANY, index -> index == 1))
        .as("left out since the picker was made")
        .isEqualTo(Balancer.Picker.NONE);
    assertThat(balancer.picker(connected).any(Attempt.ANY, index -> index == 1))
        .isEqualTo(Balancer.Picker.NONE);
  }

  @Test
  void a_call_that_belongs_to_one_has_no_other() {
    BalanceRule byKey =
        new BalanceRule(
            BalancerKind.CONSISTENT_HASH, "x-key", EjectionMode.OFF, EjectionSettings.DEFAULT, 0);
    ServiceBalancer balancer = balancer(byKey);
    Balancer.Picker picker =
        balancer.picker(new Connected(balancer, endpoint(1, "100"), endpoint(2, "100")));
    assertThat(picker.any(Attempt.ANY, index -> true)).isNotNegative();
    assertThat(picker.any(new TestAttempt(0, "x-key", "one"), index -> true))
        .isEqualTo(Balancer.Picker.NONE);
  }
}
