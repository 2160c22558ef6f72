package io.meshagent.core.policy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.call.TestAgent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

  private final TestAgent clock = new TestAgent();

  private RetryBudget budget(int percent, int perSecond) {
    return new RetryBudget(new BudgetSize(percent, perSecond), clock.nanoTime());
  }

  private void calls(RetryBudget budget, int count) {
    for (int i = 0; i < count; i++) {
      budget.called(clock.nanoTime());
    }
  }

  private int taken(RetryBudget budget) {
    int taken = 0;
    while (budget.tryTake(clock.nanoTime())) {
      taken++;
    }
    return taken;
  }

  @Test
  void begins_with_a_seconds_worth_and_gets_a_share_of_each_call() {
    RetryBudget budget = budget(20, 10);
    assertThat(taken(budget)).isEqualTo(10);
    calls(budget, 4);
    assertThat(budget.hasOne(clock.nanoTime())).isFalse();
    calls(budget, 1);
    assertThat(budget.hasOne(clock.nanoTime())).isTrue();
    calls(budget, 95);
    assertThat(taken(budget)).isEqualTo(20);
  }

  @Test
  void over_any_time_no_more_are_taken_than_calls_and_seconds_have_brought() {
    RetryBudget budget = budget(20, 10);
    int taken = 0;
    int calls = 0;
    for (int second = 0; second < 60; second++) {
      int now = second % 7 * 100;
      calls(budget, now);
      calls += now;
      if (second % 3 != 0) {
        taken += taken(budget);
      }
      assertThat(taken).as("second " + second).isLessThanOrEqualTo(calls / 5 + (second + 1) * 10);
      clock.pass(Duration.ofSeconds(1));
    }
    assertThat(taken).as("and most of it").isGreaterThan(calls / 5);
  }

  @Test
  void what_nobody_takes_is_lost_after_ten_seconds() {
    RetryBudget budget = budget(20, 0);
    calls(budget, 1_000);
    clock.pass(Duration.ofSeconds(9));
    assertThat(budget.left(clock.nanoTime())).isEqualTo(200);
    clock.pass(Duration.ofSeconds(1));
    assertThat(budget.left(clock.nanoTime())).isZero();

    RetryBudget ofTime = budget(0, 10);
    clock.pass(Duration.ofHours(1));
    assertThat(taken(ofTime)).isEqualTo(100);
  }

  @Test
  void an_hour_without_a_failure_does_not_pay_for_a_storm() {
    RetryBudget budget = budget(20, 0);
    for (int i = 0; i < 3_600; i++) {
      calls(budget, 100);
      clock.pass(Duration.ofSeconds(1));
    }
    assertThat(taken(budget)).isLessThanOrEqualTo(200);
  }

  @Test
  void hedges_may_take_what_is_not_there_and_others_do_without_until_it_is_paid() {
    RetryBudget budget = budget(20, 0);
    for (int i = 0; i < 10; i++) {
      budget.take(clock.nanoTime());
    }
    calls(budget, 54);
    assertThat(budget.hasOne(clock.nanoTime())).isFalse();
    calls(budget, 1);
    assertThat(budget.hasOne(clock.nanoTime())).isTrue();
  }
}
