package io.meshagent.core.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SideHistoryTest {

  private static final double[] BOUNDS = {0.01, 0.1, 1};

  private final SideHistory history = new SideHistory();
  private double quick;
  private double slow;
  private double failed;

  /** So many more calls have ended: within 10 ms, between 100 ms and 1 s, and by a failure. */
  private void interval(int moreQuick, int moreSlow, int moreFailed) {
    quick += moreQuick;
    slow += moreSlow;
    failed += moreFailed;
    EndedCalls now = new EndedCalls(BOUNDS);
    now.add(new double[] {quick, quick, quick + slow, quick + slow}, false);
    now.add(new double[] {failed, failed, failed, failed}, true);
    history.add(now);
  }

  @SuppressWarnings("unchecked")
  private <T> List<T> shown(String figure) {
    return (List<T>) history.facts().get(figure);
  }

  @Test
  void begins_with_the_first_interval_that_is_over() {
    interval(100, 0, 0);

    assertThat(shown("calls")).isEmpty();
    assertThat(shown("p99 ms")).isEmpty();
  }

  @Test
  void counts_what_ended_in_each_interval() {
    interval(100, 0, 0);
    interval(10, 0, 2);
    interval(0, 0, 0);
    interval(5, 1, 0);

    assertThat(shown("calls")).isEqualTo(List.of(12, 0, 6));
    assertThat(shown("failed")).isEqualTo(List.of(2, 0, 0));
  }

  @Test
  void tells_the_time_within_which_half_and_nearly_all_have_ended() {
    interval(0, 0, 0);
    interval(90, 10, 0);

    List<Double> median = shown("p50 ms");
    List<Double> late = shown("p99 ms");
    assertThat(median.get(0)).isCloseTo(10 * 50 / 90.0, within(0.01));
    assertThat(late.get(0)).isCloseTo(100 + 900 * 0.9, within(0.01));
  }

  @Test
  void of_what_took_longer_than_every_bound_the_last_bound_is_told() {
    interval(0, 0, 0);
    EndedCalls late = new EndedCalls(BOUNDS);
    late.add(new double[] {0, 0, 0, 7}, false);
    history.add(late);

    assertThat(shown("p50 ms")).isEqualTo(List.of(1_000.0));
  }

  @Test
  void series_that_ended_take_nothing_away() {
    interval(0, 0, 0);
    interval(100, 0, 100);
    quick = 3;
    failed = 0;
    interval(0, 0, 0);

    assertThat(shown("calls")).isEqualTo(List.of(200, 0));
    assertThat(shown("failed")).isEqualTo(List.of(100, 0));
  }

  @Test
  void the_eldest_of_a_quarter_of_an_hour_goes() {
    interval(0, 0, 0);
    for (int i = 1; i <= SideHistory.INTERVALS + 3; i++) {
      interval(i, 0, 0);
    }

    List<Integer> calls = shown("calls");
    assertThat(calls).hasSize(SideHistory.INTERVALS).startsWith(4).endsWith(183);
  }
}
