package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer.Picker;
import io.meshagent.core.api.Code;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each instance has a circuit, and calls are refused only where all of them are open. */
class InstanceCircuitsTest extends ServiceBalancerFixture {

  private static final CircuitSettings CIRCUIT =
      new CircuitSettings(50, 20, TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(5), 3);

  private final ServiceBalancer balancer = balancer(by(CIRCUIT));
  private final Connected connected =
      new Connected(balancer, endpoint(1, "100"), endpoint(2, "100"));

  private static BalanceRule by(CircuitSettings circuit) {
    return new BalanceRule(
        BalancerKind.ROUND_ROBIN, "", EjectionMode.ON, EjectionSettings.of(circuit), 0);
  }

  private int pick() {
    return balancer.picker(connected).pick(Attempt.ANY);
  }

  private void end(int index, int times, Code code) {
    for (int i = 0; i < times; i++) {
      connected.end(index, code);
    }
  }

  /** All circuits are open. */
  private void openBoth() {
    connected.fails(0, 20);
    connected.fails(1, 20);
    assertThat(pick()).isEqualTo(Picker.REFUSED);
  }

  @Test
  void at_half_of_the_calls_it_opens_and_not_before_there_are_enough() {
    end(0, 10, Code.OK);
    connected.fails(0, 9);
    assertThat(picks(balancer.picker(connected), 2)).containsExactly(500, 500);
    connected.fails(0, 1);
    assertThat(picks(balancer.picker(connected), 2)).containsExactly(0, 1_000);
    assertThat(balancer.leftOut())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("instance", "h:1")
                    .containsEntry("gets calls", "none")
                    .containsEntry("because", "10 of 20 calls failed: UNAVAILABLE"));
    assertThat(agent.news)
        .singleElement()
        .asString()
        .startsWith("the circuit of h:1 is open for a.B (10 of 20 calls failed");
  }

  @Test
  void what_is_older_than_the_window_does_not_count() {
    connected.fails(0, 19);
    agent.pass(Duration.ofSeconds(11));
    connected.fails(0, 1);
    assertThat(balancer.leftOut()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_code_counts_or_it_does_not(Code code) {
    end(0, 20, code);
    boolean fails =
        code == Code.UNAVAILABLE || code == Code.DEADLINE_EXCEEDED || code == Code.DATA_LOSS;
    assertThat(balancer.leftOut()).hasSize(fails ? 1 : 0);
  }

  @Test
  void where_all_are_open_calls_are_refused_by_name_and_without_panic() {
    openBoth();
    Picker picker = balancer.picker(connected);
    assertThat(picker.refusals())
        .containsExactly("all circuits open for a.B (client.breaker.scope=instance)");
    agent.pass(Duration.ofMillis(4_999));
    assertThat(picker.pick(Attempt.ANY)).isEqualTo(Picker.REFUSED);
  }

  @Test
  void one_after_the_other_its_probes_close_it() {
    connected.fails(0, 20);
    Picker picker = balancer.picker(connected);
    agent.pass(Duration.ofSeconds(5));
    for (int i = 0; i < 3; i++) {
      assertThat(picks(picker, 2)).as("one probe").containsExactly(1, 999);
      assertThat(balancer.leftOut()).hasSize(1);
      connected.end(0, Code.OK);
    }
    assertThat(balancer.leftOut()).isEmpty();
    assertThat(picks(balancer.picker(connected), 2)).containsExactly(500, 500);
    connected.fails(0, 1);
    assertThat(balancer.leftOut()).as("what was before counts no more").isEmpty();
  }

  @Test
  void a_probe_that_fails_opens_it_for_as_long_again() {
    connected.fails(0, 20);
    Picker picker = balancer.picker(connected);
    for (int i = 0; i < 3; i++) {
      agent.pass(Duration.ofSeconds(5));
      assertThat(picks(picker, 2)).containsExactly(1, 999);
      connected.end(0, Code.OK);
      assertThat(picks(picker, 2)).containsExactly(1, 999);
      connected.fails(0, 1);
      agent.pass(Duration.ofMillis(4_999));
      assertThat(picks(picker, 2)).containsExactly(0, 1_000);
      agent.pass(Duration.ofMillis(1));
      assertThat(picks(picker, 2)).containsExactly(1, 999);
      connected.fails(0, 1);
    }
  }

  @Test
  void a_cancelled_probe_gives_its_place_to_another_and_one_refused_for_load_is_well() {
    connected.fails(0, 20);
    Picker picker = balancer.picker(connected);
    agent.pass(Duration.ofSeconds(5));
    for (int i = 0; i < 10; i++) {
      assertThat(picks(picker, 2)).containsExactly(1, 999);
      connected.end(0, Code.CANCELLED);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(picks(picker, 2)).containsExactly(1, 999);
      connected.end(0, Code.RESOURCE_EXHAUSTED);
    }
    assertThat(balancer.leftOut()).isEmpty();
  }

  @Test
  void calls_from_before_it_opened_close_nothing() {
    connected.fails(0, 20);
    agent.pass(Duration.ofSeconds(6));
    end(0, 10, Code.OK);
    assertThat(balancer.leftOut()).hasSize(1);
  }

  @Test
  void calls_that_wait_are_picked_for_anew_when_a_probe_is_due_and_when_it_has_ended() {
    openBoth();
    int before = published;
    agent.pass(Duration.ofSeconds(5));
    assertThat(published).as("due").isGreaterThan(before);
    assertThat(pick()).as("a probe").isGreaterThanOrEqualTo(0);
    before = published;
    connected.end(0, Code.OK);
    assertThat(published).as("well").isGreaterThan(before);
    before = published;
    connected.fails(0, 1);
    assertThat(published).as("failed").isGreaterThan(before);
  }

  @Test
  void slow_answers_open_it_too() {
    balancer.become(by(CIRCUIT.withSlow(TimeUnit.MILLISECONDS.toNanos(100), 50)));
    answer(0, 11, 100);
    answer(0, 9, 101);
    assertThat(balancer.leftOut()).isEmpty();
    answer(0, 1, 101);
    assertThat(balancer.leftOut())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row).containsEntry("because", "10 of 20 calls took longer than 100 ms"));

    agent.pass(Duration.ofSeconds(5));
    assertThat(picks(balancer.picker(connected), 2)).containsExactly(1, 999);
    answer(0, 1, 101);
    assertThat(picks(balancer.picker(connected), 2)).as("too slow").containsExactly(0, 1_000);
  }

  private void answer(int index, int times, long millis) {
    long took = TimeUnit.MILLISECONDS.toNanos(millis);
    for (int i = 0; i < times; i++) {
      connected.statistics(index).begin();
      connected.statistics(index).answered(took, agent.nanoTime());
      connected.statistics(index).end(Code.OK, true, true, took, agent.nanoTime());
    }
  }

  @Test
  void a_single_instance_has_one_as_well() {
    Connected alone = new Connected(balancer, endpoint(1, "100"));
    alone.fails(0, 20);
    assertThat(balancer.picker(alone).pick(Attempt.ANY)).isEqualTo(Picker.REFUSED);
  }

  @Test
  void another_scope_lets_all_of_them_go() {
    openBoth();
    balancer.become(rule(BalancerKind.ROUND_ROBIN, EjectionMode.OFF, Duration.ZERO));
    assertThat(pick()).isGreaterThanOrEqualTo(0);
  }
}
