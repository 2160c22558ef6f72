package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import io.meshagent.core.call.TestAgent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeenAttemptsTest {

  private static final long TOOK = TimeUnit.MILLISECONDS.toNanos(20);

  private final BalanceRule rule =
      new BalanceRule(BalancerKind.P2C, "", EjectionMode.ON, new EjectionSettings(1, 80, 50), 0);
  private final Ejection ejection =
      new Ejection(() -> rule, new EjectionNews("a.B", new TestAgent()), () -> {});
  private final InstanceStatistics instance = new InstanceStatistics();
  private final SeenAttempts seen;
  private long now = 5;

  SeenAttemptsTest() {
    ejection.instances(List.of("a", "b"));
    seen = new SeenAttempts(instance, ejection.record("a", now), ejection);
  }

  private void attempt(Code code, boolean sent, boolean answers, long took) {
    seen.begin();
    assertThat(instance.inFlight()).isEqualTo(1);
    now += took;
    if (answers) {
      seen.answered(took, now);
    }
    seen.end(code, sent, answers, took, now);
    assertThat(instance.inFlight()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void what_never_left_says_nothing_of_the_instance(Code code) {
    attempt(code, false, false, TOOK);
    assertThat(instance.latencyNanos()).isZero();
    assertThat(instance.failing()).isZero();
    assertThat(ejection.ejected()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void a_code_speaks_against_the_instance_or_it_does_not(Code code) {
    boolean fails =
        code == Code.UNAVAILABLE || code == Code.DEADLINE_EXCEEDED || code == Code.DATA_LOSS;
    attempt(code, true, false, TOOK);
    assertThat(instance.failing() > 0).isEqualTo(fails);
    assertThat(ejection.ejected()).isEqualTo(fails ? 1 : 0);
    assertThat(instance.latencyNanos() > 0).as("was timed").isEqualTo(code != Code.CANCELLED);
  }

  @Test
  void a_stream_that_answered_and_ends_when_its_server_drains_is_no_failure() {
    attempt(Code.UNAVAILABLE, true, true, TOOK);
    assertThat(instance.failing()).isZero();
    assertThat(instance.latencyNanos()).isEqualTo((double) TOOK);
  }

  @Test
  void a_deadline_shorter_than_the_instance_needs_is_not_its_failure() {
    attempt(Code.OK, true, true, 10 * TOOK);
    attempt(Code.DEADLINE_EXCEEDED, true, false, TOOK);
    assertThat(instance.failing()).isZero();
    attempt(Code.DEADLINE_EXCEEDED, true, false, 11 * TOOK);
    assertThat(instance.failing()).isPositive();
  }

  @Test
  void too_much_to_do_makes_it_look_slow_and_not_broken() {
    attempt(Code.OK, true, true, TOOK);
    attempt(Code.RESOURCE_EXHAUSTED, true, false, TOOK / 100);
    assertThat(instance.latencyNanos()).isGreaterThan(1.9 * TOOK);
    assertThat(instance.failing()).isZero();
    assertThat(ejection.ejected()).isZero();
  }
}
