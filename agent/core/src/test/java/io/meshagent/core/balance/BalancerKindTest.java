package io.meshagent.core.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class BalancerKindTest {

  /** So many that two percent of a seventh of them are eight standard deviations. */
  private static final int PICKS = 1_000_000;

  /** Near the end of the numbers, as a real nano clock may be. */
  private static final long NOW = Long.MAX_VALUE - TimeUnit.MINUTES.toNanos(1);

  private static String[] names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "10.0.0." + i + ":50051").toArray(String[]::new);
  }

  private static InstanceStatistics[] fresh(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new InstanceStatistics())
        .toArray(InstanceStatistics[]::new);
  }

  private static int[] picks(Chooser chooser, int instances) {
    int[] picks = new int[instances];
    for (int i = 0; i < PICKS; i++) {
      picks[chooser.choose(NOW, "key-" + i)]++;
    }
    return picks;
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "CONSISTENT_HASH")
  void gives_shares_by_weight_within_two_percent(BalancerKind kind) {
    double[] weights = {1, 2, 4};
    int[] picks = picks(kind.chooser(names(3), weights, fresh(3)), 3);
    for (int i = 0; i < 3; i++) {
      double share = PICKS * weights[i] / 7;
      assertThat((double) picks[i]).as(Arrays.toString(picks)).isCloseTo(share, within(share / 50));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "CONSISTENT_HASH")
  void keeps_to_the_shares_while_the_list_changes(BalancerKind kind) {
    int[] picks = new int[4];
    int calls = 0;
    // A picker is made anew every seven calls, with and without a fourth instance.
    for (int list = 0; calls < PICKS; list++) {
      int present = list % 2 == 0 ? 3 : 4;
      double[] weights = Arrays.copyOf(new double[] {1, 2, 4, 7}, present);
      Chooser chooser = kind.chooser(names(present), weights, fresh(present));
      for (int i = 0; i < 7; i++) {
        picks[chooser.choose(NOW, null)]++;
        calls++;
      }
    }
    // Half of the time of seven, half of fourteen.
    double[] shares = {0.75 / 7, 1.5 / 7, 3.0 / 7, 0.25};
    for (int i = 0; i < shares.length; i++) {
      double share = calls * shares[i];
      assertThat((double) picks[i])
          .as(kind + " " + Arrays.toString(picks))
          .isCloseTo(share, within(share / 33));
    }
  }

  /** The same numbers in each run. */
  private static LongSupplier seeded() {
    return new SplittableRandom(20_260)::nextLong;
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "CONSISTENT_HASH")
  void shares_of_a_hundred_thousand_are_within_two_percent_also_while_the_list_changes(
      BalancerKind kind) {
    LongSupplier random = seeded();
    int[] steady = new int[3];
    int[] changing = new int[4];
    Chooser same = kind.chooser(names(3), new double[] {1, 2, 4}, fresh(3), random);
    Chooser chooser = null;
    for (int call = 0; call < 100_000; call++) {
      steady[same.choose(NOW, null)]++;
      if (call % 50 == 0) {
        // One that weighs seven comes and goes.
        int present = call % 100 == 0 ? 3 : 4;
        double[] weights = Arrays.copyOf(new double[] {1, 2, 4, 7}, present);
        chooser = kind.chooser(names(present), weights, fresh(present), random);
      }
      changing[chooser.choose(NOW, null)]++;
    }
    assertShares(kind, steady, 1 / 7.0, 2 / 7.0, 4 / 7.0);
    assertShares(kind, changing, 1.5 / 14, 3.0 / 14, 6.0 / 14, 3.5 / 14);
  }

  private static void assertShares(BalancerKind kind, int[] picks, double... shares) {
    for (int i = 0; i < shares.length; i++) {
      double share = 100_000 * shares[i];
      assertThat((double) picks[i])
          .as(kind + " " + Arrays.toString(picks))
          .isCloseTo(share, within(share / 50));
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_instance_of_weight_0_gets_nothing_unless_all_are_so(BalancerKind kind) {
    assertThat(picks(kind.chooser(names(3), new double[] {0, 1, 1}, fresh(3)), 3)[0]).isZero();
    assertThat(picks(kind.chooser(names(2), new double[] {0, 0}, fresh(2)), 2)).doesNotContain(0);
  }

  @ParameterizedTest
  @EnumSource
  void one_instance_gets_all(BalancerKind kind) {
    assertThat(picks(kind.chooser(names(1), new double[] {3}, fresh(1)), 1)).contains(PICKS);
  }

  @Test
  void two_choices_give_little_to_an_instance_that_is_slow() {
    InstanceStatistics[] seen = fresh(3);
    for (int i = 0; i < 3; i++) {
      seen[i].answered(TimeUnit.MILLISECONDS.toNanos(i == 1 ? 2_000 : 5), NOW);
    }
    int[] picks = picks(BalancerKind.P2C.chooser(names(3), new double[] {1, 1, 1}, seen), 3);
    // Drawn three times in a row, which is all that is left to it.
    assertThat(picks[1]).isLessThan(PICKS / 20);
  }

  @Test
  void an_instance_that_fails_at_once_is_not_fast() {
    InstanceStatistics[] seen = fresh(3);
    for (int i = 0; i < 30; i++) {
      seen[0].answered(TimeUnit.MILLISECONDS.toNanos(20), NOW);
      seen[1].failed(TimeUnit.MICROSECONDS.toNanos(200), NOW);
      seen[2].answered(TimeUnit.MILLISECONDS.toNanos(40), NOW);
    }
    for (BalancerKind kind : new BalancerKind[] {BalancerKind.P2C, BalancerKind.LEAST_REQUEST}) {
      int[] picks = picks(kind.chooser(names(3), new double[] {1, 1, 1}, seen), 3);
      assertThat(picks[1]).as(kind + Arrays.toString(picks)).isLessThan(PICKS / 50);
    }
  }

  @Test
  void two_failures_are_enough_to_lose_against_one_that_is_slower() {
    InstanceStatistics[] seen = fresh(2);
    seen[0].answered(TimeUnit.MILLISECONDS.toNanos(20), NOW);
    seen[1].failed(TimeUnit.MICROSECONDS.toNanos(200), NOW);
    seen[1].failed(TimeUnit.MICROSECONDS.toNanos(200), NOW);
    int[] picks = picks(BalancerKind.P2C.chooser(names(2), new double[] {1, 1}, seen), 2);
    assertThat(picks[1]).isLessThan(PICKS / 10);
  }

  @Test
  void the_busier_of_two_gets_less() {
    InstanceStatistics[] seen = fresh(2);
    for (InstanceStatistics each : seen) {
      each.answered(TimeUnit.MILLISECONDS.toNanos(20), NOW);
    }
    seen[0].began();
    seen[0].began();
    for (BalancerKind kind : new BalancerKind[] {BalancerKind.P2C, BalancerKind.LEAST_REQUEST}) {
      int[] picks = picks(kind.chooser(names(2), new double[] {1, 1}, seen), 2);
      assertThat(picks[0]).as(kind + Arrays.toString(picks)).isLessThan(PICKS / 7);
    }
  }

  @Test
  void a_cold_first_answer_does_not_starve_an_instance() {
    InstanceStatistics[] seen = fresh(2);
    Chooser chooser = BalancerKind.P2C.chooser(names(2), new double[] {1, 1}, seen);
    int[] picks = new int[2];
    long now = NOW - TimeUnit.MINUTES.toNanos(2);
    for (int call = 0; call < 1_000; call++) {
      int index = chooser.choose(now, null);
      long took = TimeUnit.MILLISECONDS.toNanos(picks[index]++ == 0 ? 300 + 200 * index : 1);
      seen[index].began();
      now += took;
      seen[index].ended();
      seen[index].answered(took, now);
      now += TimeUnit.MILLISECONDS.toNanos(9);
    }
    assertThat(picks[0]).as(Arrays.toString(picks)).isBetween(250, 750);
  }

  @Test
  void two_that_are_nearly_alike_share_the_calls() {
    InstanceStatistics[] seen = fresh(2);
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 10; j++) {
        seen[i].answered(TimeUnit.MILLISECONDS.toNanos(20 + 2 * i), NOW);
      }
    }
    int[] picks = picks(BalancerKind.P2C.chooser(names(2), new double[] {1, 1}, seen), 2);
    assertThat(picks[1]).as(Arrays.toString(picks)).isBetween(4 * PICKS / 10, PICKS / 2);
  }

  @Test
  void what_failed_long_ago_counts_no_more_and_an_answer_does_not_make_it_fresh() {
    InstanceStatistics seen = new InstanceStatistics();
    for (int i = 0; i < 50; i++) {
      seen.failed(TimeUnit.MILLISECONDS.toNanos(1), NOW);
    }
    long later = NOW + TimeUnit.SECONDS.toNanos(20);
    assertThat(seen.failingAt(later)).isLessThan(0.2);
    seen.answered(TimeUnit.MILLISECONDS.toNanos(1), later);
    assertThat(seen.failingAt(later)).isLessThan(0.2);
  }

  @Test
  void what_was_slow_long_ago_is_tried_again() {
    InstanceStatistics slow = new InstanceStatistics();
    slow.answered(TimeUnit.SECONDS.toNanos(2), NOW);
    long later = NOW + TimeUnit.SECONDS.toNanos(30);
    assertThat(slow.load(1, later)).isLessThan(slow.load(1, NOW) / 10);
  }

  @Test
  void a_call_without_a_key_goes_anywhere_and_one_with_a_key_to_its_own() {
    Chooser chooser =
        BalancerKind.CONSISTENT_HASH.chooser(names(5), new double[] {1, 1, 1, 1, 1}, null);
    int own = chooser.choose(NOW, "alice");
    boolean elsewhere = false;
    for (int i = 0; i < 1_000; i++) {
      assertThat(chooser.choose(NOW, "alice")).isEqualTo(own);
      elsewhere |= chooser.choose(NOW, null) != own;
    }
    assertThat(elsewhere).isTrue();
  }
}
