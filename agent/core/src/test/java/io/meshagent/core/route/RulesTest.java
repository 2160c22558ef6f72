package io.meshagent.core.route;

import static io.meshagent.core.route.RoutedService.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Service;
import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.balance.BalancerKind;
import io.meshagent.core.balance.CircuitSettings;
import io.meshagent.core.balance.EjectionSettings;
import io.meshagent.core.route.rule.TestAttempt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RulesTest {

  private final RoutedService service = new RoutedService();
  private final Route route = service.route;

  @Test
  void three_of_a_thousand_get_their_five_percent() {
    service.have(1_000, "version", "1");
    service.have(3, "version", "2");
    service.rule("5% -> version=2 ; * -> version=1");
    Endpoints used = route.used(service.directory());
    assertThat(used.list()).as("25 of the many and the few").hasSize(28);
    RoutedService.Channel channel = service.new Channel();
    Balancer.Picker picker = route.balancer().picker(channel);

    for (boolean traced : new boolean[] {false, true}) {
      Random random = new Random(5);
      int canary = 0;
      Set<Integer> others = new HashSet<>();
      for (int i = 0; i < 100_000; i++) {
        String trace = String.format("00-%016x%016x-1-01", random.nextLong(), random.nextLong());
        Attempt attempt =
            traced
                ? new TestAttempt(0.5, "traceparent", trace)
                : new TestAttempt(random.nextDouble());
        int number = channel.numbered(picker.pick(attempt));
        if (number >= 1_000) {
          canary++;
        } else {
          others.add(number);
        }
      }
      assertThat(canary / 1_000.0).as("traced: " + traced).isCloseTo(5, within(0.5));
      assertThat(others).hasSize(25);
    }
  }

  @Test
  void a_subset_is_taken_of_each_destination_and_of_the_rest() {
    service.have(1_000, "version", "1");
    service.have(3, "version", "2");
    service.rule("x=2 -> version=2");
    RoutedService.Channel channel = service.new Channel();
    assertThat(channel.picks(10_000, "version", with()).getOrDefault("2", 0))
        .as("the three are no greater part of all than before")
        .isLessThan(1_300);
    assertThat(channel.picks(300, "version", with("x", "2"))).containsOnlyKeys("2");
  }

  @Test
  void where_a_destination_has_nobody_calls_fail_by_the_rules_name_or_fall_back() {
    service.have(2, "version", "1");
    service.rule("x=9 -> version=9 ; x=8 -> version=8? ; * -> version=1");
    RoutedService.Channel channel = service.new Channel();
    Balancer.Picker picker = route.balancer().picker(channel);

    assertThat(picker.pick(with("x", "9"))).isEqualTo(Balancer.Picker.REFUSED);
    assertThat(picker.refusals().get(0))
        .startsWith("client.route@a.B")
        .contains("x=9 -> version=9", "no instance");
    assertThat(channel.pick(with("x", "8"))).isBetween(0, 1);
    assertThat(channel.pick(with())).isBetween(0, 1);
  }

  @Test
  void a_rule_stands_where_nobody_is_registered_at_all() {
    service.rule("x=9 -> version=9 ; x=8 -> version=8?");
    RoutedService.Channel channel = service.new Channel();
    assertThat(route.used(service.directory())).isSameAs(Endpoints.ABSENT);
    assertThat(route.balancer().decides()).isTrue();
    assertThat(channel.pick(with("x", "9"))).isEqualTo(Balancer.Picker.REFUSED);
    assertThat(channel.pick(with("x", "8"))).isEqualTo(Balancer.Picker.NONE);
    assertThat(channel.pick(with())).isEqualTo(Balancer.Picker.NONE);
  }

  @Test
  void a_call_waits_for_its_destination_to_be_connected_and_not_if_that_fails() {
    service.have(2, "version", "1");
    service.have(2, "version", "2");
    service.rule("x=2 -> version=2 ; x=3 -> version=2? ; * -> version=1");
    RoutedService.Channel channel = service.new Channel(Set.of(2, 3));
    assertThat(channel.pick(with("x", "2"))).isEqualTo(Balancer.Picker.LATER);
    assertThat(channel.pick(with())).isBetween(0, 1);

    channel.fail(2);
    assertThat(channel.pick(with("x", "2"))).as("one may come").isEqualTo(Balancer.Picker.LATER);
    channel.fail(3);
    assertThat(channel.pick(with("x", "2"))).isEqualTo(Balancer.Picker.REFUSED);
    assertThat(route.balancer().picker(channel).refusals().get(0)).contains("2 instances");
    assertThat(channel.pick(with("x", "3"))).isBetween(0, 1);
  }

  @Test
  void who_leaves_is_the_last_choice_of_a_destination_and_none_where_there_is_a_rest() {
    service.have(1, "version", "1");
    service.have(1, "version", "2", "draining", "true");
    service.rule("x=2 -> version=2 ; x=3 -> version=2?");
    assertThat(service.new Channel().pick(with("x", "2"))).isEqualTo(1);
    assertThat(service.new Channel().pick(with("x", "3"))).isZero();
  }

  @Test
  void labels_of_an_application_count_as_its_version_does() {
    service.have(1, "app", "shop", "zone", "eu");
    service.have(1, "app", "shop", "zone", "us", "label.tier", "gold");
    service.have(1, "app", "other", "zone", "us", "tier", "gold");
    service.rule("x=1 -> app=shop & tier=gold ; x=2 -> tier=gold & app=other ; * -> zone=eu");
    RoutedService.Channel channel = service.new Channel();
    assertThat(channel.pick(with("x", "1"))).isEqualTo(1);
    assertThat(channel.pick(with("x", "2"))).as("written by another registry").isEqualTo(2);
    assertThat(channel.pick(with())).isZero();
  }

  @Test
  void another_rule_reaches_channels_and_the_same_one_is_no_change() {
    service.have(1, "version", "1");
    service.have(1, "version", "2");
    List<String> told = new ArrayList<>();
    Service.Watcher watcher = service -> told.add(service.name());
    route.watch(watcher);
    Balancer before = route.balancer();
    assertThat(before.decides()).isFalse();
    assertThat(before.readsAttempts()).isFalse();

    service.rule("* -> version=2");
    assertThat(told).hasSize(1);
    assertThat(route.balancer()).isNotSameAs(before);
    assertThat(route.balancer().readsAttempts()).as("no header is read").isFalse();
    assertThat(route.used(service.directory()).list())
        .extracting(RoutedService::number)
        .containsExactly(1);
    assertThat(service.new Channel().pick(Attempt.ANY)).isEqualTo(1);
    service.rule("*->version=2");
    assertThat(told).hasSize(1);
    service.rule("50% -> version=1 ; * -> version=2");
    assertThat(told).hasSize(2);
    assertThat(route.balancer().readsAttempts()).isTrue();

    route.unwatch(watcher);
    service.rule("off");
    assertThat(told).hasSize(2);
    assertThat(route.balancer()).isSameAs(before);
  }

  @Test
  void an_instance_that_fails_is_left_out_of_its_group_unless_too_few_of_it_are_well() {
    service.balance =
        new BalanceRule(
            BalancerKind.ROUND_ROBIN, "", BalanceRule.EjectionMode.ON, EjectionSettings.DEFAULT, 0);
    service.have(20, "version", "1");
    service.have(3, "version", "2");
    service.rule("x=2 -> version=2 ; * -> version=1");
    RoutedService.Channel channel = service.new Channel();
    assertThat(channel.pick(with("x", "2"))).isBetween(20, 22);
    service.failSevenTimes(channel, 20);
    assertThat(channel.published).isEqualTo(1);
    assertThat(service.numbers(channel, with("x", "2"))).containsExactlyInAnyOrder(21, 22);
    assertThat(service.numbers(channel, with())).hasSize(20);

    service.failSevenTimes(channel, 21);
    assertThat(service.numbers(channel, with("x", "2")))
        .as("two of three: they are used, though of the service most are well")
        .containsExactlyInAnyOrder(20, 21, 22);
  }

  @Test
  void where_the_circuits_of_all_of_a_group_are_open_its_calls_are_refused_and_no_others() {
    long second = TimeUnit.SECONDS.toNanos(1);
    CircuitSettings circuit = new CircuitSettings(50, 7, 10 * second, 5 * second, 1);
    service.balance =
        new BalanceRule(
            BalancerKind.ROUND_ROBIN,
            "",
            BalanceRule.EjectionMode.ON,
            EjectionSettings.of(circuit),
            0);
    service.have(2, "version", "1");
    service.have(2, "version", "2");
    service.rule("x=2 -> version=2 ; * -> version=1");
    RoutedService.Channel channel = service.new Channel();
    service.failSevenTimes(channel, 2);
    assertThat(service.numbers(channel, with("x", "2"))).containsExactly(3);
    service.failSevenTimes(channel, 3);

    Balancer.Picker picker = route.balancer().picker(channel);
    int picked = picker.pick(with("x", "2"));
    assertThat(picker.refusals().get(Balancer.Picker.REFUSED - picked))
        .isEqualTo("all circuits open for a.B (client.breaker.scope=instance)");
    assertThat(service.numbers(channel, with())).containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void who_has_to_take_another_instance_takes_one_of_the_same_group() {
    service.have(2, "version", "1");
    service.have(2, "version", "2");
    service.rule("x=2 -> version=2 ; * -> version=1");
    Balancer.Picker picker = route.balancer().picker(service.new Channel());
    assertThat(picker.among(with("x", "2"))).containsExactly(2, 3);
    assertThat(picker.among(with())).containsExactly(0, 1);
    assertThat(picker.any(with("x", "2"), index -> index != 2)).isEqualTo(3);
    assertThat(picker.any(with("x", "2"), index -> index < 2)).isEqualTo(Balancer.Picker.NONE);
  }

  @Test
  void the_parts_that_a_channel_needs_some_of_are_those_that_calls_may_need() {
    service.have(5, "version", "1");
    service.have(4, "version", "2");
    assertThat(route.parts(service.directory())).hasSize(1);
    service.rule("x=2 -> version=2 ; * -> version=1");
    assertThat(route.parts(service.directory()))
        .extracting(part -> part.list().size())
        .containsExactly(4, 5);
    assertThat(route.used(Endpoints.UNKNOWN)).isSameAs(Endpoints.UNKNOWN);
  }

  @Test
  void each_change_of_ten_thousand_is_split_once_for_all_channels() {
    service.have(10_000, "version", "1");
    service.rule("5% -> version=2? ; * -> version=1");
    Endpoints known = service.directory();
    Endpoints used = route.used(known);
    for (int channel = 0; channel < 1_000; channel++) {
      assertThat(service.routes.of(RoutedService.SERVICE, "http").used(known)).isSameAs(used);
    }
    assertThat(Arrays.asList(used.list().size())).allMatch(size -> size <= 50);
  }
}
