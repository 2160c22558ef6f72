package io.meshagent.core.policy.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The limit that is found out, against a server of a few threads that is only simulated. */
class GradientTest {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final Places places = new Places();
  private final PriorityQueue<Long> threads = new PriorityQueue<>();
  private final PriorityQueue<long[]> open =
      new PriorityQueue<>((a, b) -> Long.compare(a[0], b[0]));
  private long now = 12_345;
  private long tookMillis;
  private int answered;
  private int refused;
  private long longest;

  private void server(int count, long millis) {
    threads.clear();
    for (int i = 0; i < count; i++) {
      threads.add(now);
    }
    tookMillis = millis;
    places.become(Limit.ADAPTIVE);
  }

  /** Calls that come evenly; one that is let in is done by the thread that is free first. */
  private void offer(int perSecond, int seconds) {
    answered = 0;
    refused = 0;
    longest = 0;
    long between = TimeUnit.SECONDS.toNanos(1) / perSecond;
    for (int i = 0; i < perSecond * seconds; i++) {
      now += between;
      while (!open.isEmpty() && open.peek()[0] <= now) {
        end(open.poll());
      }
      if (places.tryTake()) {
        long done = Math.max(now, threads.poll()) + tookMillis * MILLI;
        threads.add(done);
        open.add(new long[] {done, now});
      } else {
        refused++;
      }
    }
  }

  private void end(long[] call) {
    answered++;
    longest = Math.max(longest, call[0] - call[1]);
    places.giveBack();
    places.ended(call[1], call[0]);
  }

  @Test
  void three_times_what_a_server_can_do_leaves_it_busy_and_its_queue_short() {
    server(8, 10);
    offer(2_400, 10);
    offer(2_400, 60);

    assertThat(answered).as("of 48,000 that can be").isGreaterThan(47_000);
    assertThat(longest / MILLI).as("10 ms if there were no queue").isLessThan(50);
  }

  @Test
  void it_does_not_creep_upwards_in_an_hour_of_that() {
    server(4, 10);
    offer(1_200, 3_600);
    offer(1_200, 60);
    assertThat(answered).isGreaterThan(23_500);
    assertThat(longest / MILLI).isLessThan(70);
  }

  @Test
  void nobody_is_refused_by_a_server_that_is_well() {
    server(1_000, 100);
    offer(100, 10);
    offer(400, 10);
    assertThat(refused).isZero();
    offer(2_000, 10);
    offer(2_000, 10);
    assertThat(refused).as("200 at once").isZero();
    offer(8_000, 10);
    offer(8_000, 10);
    assertThat(refused).as("800 at once").isZero();
  }

  @Test
  void what_has_become_slow_for_all_is_no_reason_to_refuse() {
    server(1_000, 10);
    offer(2_000, 20);
    assertThat(refused).isZero();

    // A dependency takes ten times as long; there are threads enough.
    tookMillis = 100;
    offer(2_000, 30);
    offer(2_000, 10);
    assertThat(refused).isLessThan(400);

    tookMillis = 10;
    offer(2_000, 10);
    offer(2_000, 10);
    assertThat(refused).isZero();
  }

  @Test
  void one_thread_is_enough_for_it_to_find_out() {
    server(1, 20);
    offer(150, 60);
    offer(150, 60);
    assertThat(answered).as("of 3,000 that can be").isGreaterThan(2_900);
    assertThat(longest / MILLI).as("20 ms if there were no queue").isLessThan(500);
  }
}
