package io.meshagent.core.registry.etcd.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.registry.etcd.client.EtcdFailure;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When a program logs in, on a clock that the test moves. */
class LogInsTest {

  private static final long SECOND = 1_000_000_000L;
  private static final EtcdFailure SILENT =
      new EtcdFailure(EtcdFailure.Kind.SILENT, "no answer in time");

  private long now = 1_000 * SECOND;
  private double random = 0.5;
  private final LogIns logIns = new LogIns(() -> now, () -> random);

  /** One that takes etcd so long. */
  private void logIn(LogIns by, String token, long millis) {
    long began = by.begin();
    now += millis * 1_000_000;
    by.succeeded(token, began);
  }

  @Test
  void the_first_waits_for_nothing() {
    logIns.counted("/services/", 10_000);

    assertThat(logIns.waitNanos()).isZero();
    assertThat(logIns.token()).isNull();
  }

  @Test
  void a_token_is_kept_until_it_is_refused() {
    logIn(logIns, "one", 60);
    now += 1_000 * SECOND;
    assertThat(logIns.token()).isEqualTo("one");

    logIns.refused("of before", false);
    assertThat(logIns.token()).isEqualTo("one");

    logIns.refused("one", false);
    assertThat(logIns.token()).isNull();
    assertThat(logIns.waitNanos()).as("its own end, not that of all").isZero();
  }

  @Test
  void what_all_have_lost_is_replaced_within_as_long_as_the_log_ins_of_all_take() {
    logIns.counted("/services/", 10_000);
    logIns.counted("/mesh/policies/", 3);
    logIn(logIns, "one", 60);
    logIns.refused("one", true);

    assertThat(logIns.waitNanos()).isEqualTo(300 * SECOND);
    logIns.refused("one", true);
    assertThat(logIns.waitNanos()).as("one refusal").isEqualTo(300 * SECOND);
    now += 300 * SECOND;
    assertThat(logIns.waitNanos()).isZero();
  }

  @Test
  void a_small_fleet_does_not_wait() {
    logIns.counted("/services/", 10);
    logIn(logIns, "one", 60);
    random = 1;

    logIns.refused("one", true);

    assertThat(logIns.waitNanos()).isZero();
  }

  @Test
  void where_log_ins_are_cheap_all_take_less() {
    logIns.counted("/services/", 10_000);
    logIn(logIns, "one", 2);
    logIn(logIns, "two", 800);
    random = 1;

    logIns.refused("two", true);

    assertThat(logIns.waitNanos()).isEqualTo(20 * SECOND);
  }

  @Test
  void those_that_fail_come_later_and_later_and_never_too_late() {
    logIns.counted("/services/", 1_000);
    random = 1;
    logIns.begin();
    logIns.failed(SILENT);
    assertThat(logIns.waitNanos()).isEqualTo(200 * SECOND);
    logIns.begin();
    logIns.failed(SILENT);
    assertThat(logIns.waitNanos()).isEqualTo(400 * SECOND);
    for (int each = 0; each < 50; each++) {
      logIns.begin();
      logIns.failed(SILENT);
      assertThat(logIns.waitNanos()).isBetween(1L, 600 * SECOND);
    }

    logIn(logIns, "one", 60);
    assertThat(logIns.waitNanos()).isZero();
  }

  @Test
  void a_wrong_password_of_a_small_fleet_is_tried_every_thirty_seconds() {
    logIns.counted("/services/", 5);
    random = 1;
    for (int each = 0; each < 20; each++) {
      logIns.begin();
      logIns.failed(new EtcdFailure(EtcdFailure.Kind.LOGIN, "authentication failed"));
    }

    assertThat(logIns.waitNanos()).isEqualTo(30 * SECOND);
  }

  @Test
  void a_connection_that_did_not_come_about_was_no_log_in() {
    logIns.begin();

    logIns.failed(new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connection refused"));

    assertThat(logIns.waitNanos()).isZero();
  }

  @Test
  void ten_thousand_log_in_evenly() {
    Random seeded = new Random(42);
    int[] byMinute = new int[11];
    for (int each = 0; each < 10_000; each++) {
      LogIns one = new LogIns(() -> now, seeded::nextDouble);
      one.counted("/services/", 10_000);
      long began = one.begin();
      one.succeeded("token", began - 60_000_000);
      one.refused("token", true);
      byMinute[(int) (one.waitNanos() / (60 * SECOND))]++;
    }

    for (int minute = 0; minute < 10; minute++) {
      assertThat(byMinute[minute]).isBetween(850, 1_150);
    }
  }
}
