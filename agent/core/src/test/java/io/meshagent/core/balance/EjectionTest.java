package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import io.meshagent.core.balance.EjectionRecord.Turn;
import io.meshagent.core.call.TestAgent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EjectionTest {

  private final AtomicInteger changes = new AtomicInteger();
  private final Ejection ejection = ejection(changes);

  /** A real nano clock may be anything. */
  private long now = -TimeUnit.SECONDS.toNanos(3);

  private static Ejection ejection(AtomicInteger changes) {
    BalanceRule rule =
        new BalanceRule(BalancerKind.ROUND_ROBIN, "", EjectionMode.ON, EjectionSettings.DEFAULT, 0);
    return new Ejection(
        () -> rule, new EjectionNews("a.B", new TestAgent()), changes::incrementAndGet);
  }

  private EjectionRecord record(String identity) {
    return ejection.record(identity, now);
  }

  private void fail(EjectionRecord record, int times) {
    for (int i = 0; i < times; i++) {
      ejection.failed(record, Code.UNAVAILABLE, now);
    }
  }

  private void succeed(EjectionRecord record, int times) {
    for (int i = 0; i < times; i++) {
      boolean unused = ejection.succeeded(record, now);
    }
  }

  private void pass(long seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void seven_failures_in_a_row_eject_one_of_two() {
    ejection.instances(List.of("a", "b"));
    EjectionRecord bad = record("a");
    succeed(bad, 1_000);
    fail(bad, 6);
    assertThat(bad.isEjected()).isFalse();
    fail(bad, 1);
    assertThat(bad.isEjected()).isTrue();
    assertThat(bad.reason()).isEqualTo("7 failures in a row: UNAVAILABLE");
    assertThat(bad.turn(now)).isEqualTo(Turn.NOTHING);
    assertThat(ejection.isPanicking()).isFalse();
    assertThat(changes).hasValue(1);
  }

  @Test
  void success_below_eighty_percent_ejects_and_what_is_older_than_ten_seconds_does_not_count() {
    ejection.instances(List.of("a", "b", "c"));
    EjectionRecord bad = record("a");
    fail(bad, 4);
    pass(11);
    succeed(bad, 4);
    fail(bad, 1);
    assertThat(bad.isEjected()).as("80 % of five").isFalse();
    fail(bad, 1);
    assertThat(bad.isEjected()).isTrue();
    assertThat(bad.reason()).isEqualTo("66 % of 6 calls succeeded");
  }

  @Test
  void one_probe_decides_and_the_pause_doubles_up_to_a_minute() {
    ejection.instances(List.of("a", "b"));
    EjectionRecord bad = record("a");
    fail(bad, 7);
    for (long pause : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      long nanos = TimeUnit.SECONDS.toNanos(pause);
      assertThat(bad.untilNanos() - now).isBetween((long) (0.8 * nanos), (long) (1.2 * nanos) + 1);
      now = bad.untilNanos();
      assertThat(bad.turn(now)).isEqualTo(Turn.PROBE);
      assertThat(bad.turn(now)).isEqualTo(Turn.NOTHING);
      fail(bad, 1);
      assertThat(bad.turn(now)).isEqualTo(Turn.NOTHING);
    }
    now = bad.untilNanos();
    assertThat(bad.turn(now)).isEqualTo(Turn.PROBE);
    succeed(bad, 1);
    assertThat(bad.isEjected()).isFalse();
    assertThat(bad.turn(now)).isEqualTo(Turn.ATTEMPTS);
    assertThat(changes).hasValue(2);
  }

  @Test
  void a_probe_that_nobody_hears_of_is_given_again() {
    ejection.instances(List.of("a", "b"));
    EjectionRecord bad = record("a");
    fail(bad, 7);
    now = bad.untilNanos();
    assertThat(bad.turn(now)).isEqualTo(Turn.PROBE);
    pass(11);
    assertThat(bad.turn(now)).isEqualTo(Turn.PROBE);
  }

  @Test
  void never_more_than_half_and_never_the_only_one() {
    ejection.instances(List.of("a", "b", "c", "d", "e"));
    for (String each : List.of("a", "b", "c", "d", "e")) {
      fail(record(each), 20);
    }
    assertThat(ejection.ejected()).isEqualTo(2);
    Ejection alone = ejection(changes);
    alone.instances(List.of("a"));
    EjectionRecord only = alone.record("a", now);
    for (int i = 0; i < 20; i++) {
      alone.failed(only, Code.UNAVAILABLE, now);
    }
    assertThat(only.isEjected()).isFalse();
  }

  @Test
  void where_fewer_than_half_are_well_all_are_used_and_who_is_gone_is_forgotten() {
    ejection.instances(List.of("a", "b", "c", "d"));
    fail(record("a"), 7);
    fail(record("b"), 7);
    assertThat(ejection.isPanicking()).isFalse();
    ejection.instances(List.of("a", "b", "c"));
    assertThat(ejection.isPanicking()).isTrue();
    ejection.instances(List.of("b", "c"));
    assertThat(ejection.isPanicking()).isFalse();
    assertThat(record("a").isEjected()).isFalse();
  }

  @Test
  void the_reason_names_how_they_failed_and_the_facts_say_since_when_and_when_it_is_tried() {
    ejection.instances(List.of("a", "b"));
    EjectionRecord bad = record("a");
    assertThat(bad.facts(now)).isNull();
    succeed(bad, 100);
    fail(bad, 3);
    for (int i = 0; i < 4; i++) {
      ejection.failed(bad, Code.DEADLINE_EXCEEDED, now);
    }
    assertThat(ejection.records()).containsExactly(bad);
    Map<String, Object> facts = bad.facts(now);
    assertThat(facts)
        .containsEntry("because", "7 failures in a row: DEADLINE_EXCEEDED, UNAVAILABLE");
    Instant since = Instant.parse((String) facts.get("since"));
    Instant probe = Instant.parse((String) facts.get("next probe"));
    assertThat(Duration.between(since, probe)).isBetween(Duration.ZERO, Duration.ofSeconds(2));

    now = bad.untilNanos();
    assertThat(bad.turn(now)).isEqualTo(Turn.PROBE);
    assertThat(bad.facts(now)).containsEntry("next probe", "under way");
    fail(bad, 1);
    pass(5);
    Instant sinceThen = Instant.parse((String) bad.facts(now).get("since"));
    assertThat(Duration.between(sinceThen, since).abs())
        .as("since it was left out first")
        .isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void what_gets_its_share_all_the_same_is_judged_by_the_first_call_after_the_pause() {
    ejection.instances(List.of("a", "b"));
    EjectionRecord bad = record("a");
    fail(bad, 7);
    succeed(bad, 1);
    assertThat(bad.isEjected()).as("in its pause").isTrue();
    now = bad.untilNanos();
    succeed(bad, 1);
    assertThat(bad.isEjected()).isFalse();
  }
}
