package io.meshagent.grpc.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StreamCountTest {

  private final AtomicInteger told = new AtomicInteger();
  private final StreamCount streams = new StreamCount(2, told::incrementAndGet);
  private long now = 1;

  @Test
  void a_place_is_taken_by_a_pick_and_by_its_stream_until_that_ends() {
    assertThat(streams.take(now)).isTrue();
    assertThat(streams.take(now)).isTrue();
    assertThat(streams.hasRoom(now)).as("nobody has come yet, but will").isFalse();
    assertThat(streams.take(now)).isFalse();
    streams.begin();
    streams.begin();
    now += TimeUnit.SECONDS.toNanos(1);
    assertThat(streams.hasRoom(now)).isFalse();

    streams.end();

    assertThat(streams.hasRoom(now)).isTrue();
    assertThat(streams.isEmpty()).isFalse();
    streams.end();
    assertThat(streams.isEmpty()).isTrue();
    assertThat(told).as("nobody asked").hasValue(0);
  }

  @Test
  void a_place_that_nobody_comes_for_is_free_a_moment_later() {
    streams.begin();
    assertThat(streams.take(now)).isTrue();
    assertThat(streams.take(now)).isFalse();

    now += TimeUnit.MILLISECONDS.toNanos(1_001);
    assertThat(streams.take(now)).as("it may come yet").isFalse();
    now += TimeUnit.MILLISECONDS.toNanos(1_001);

    assertThat(streams.take(now)).isTrue();
  }

  @Test
  void picks_at_the_same_moment_get_no_more_places_than_there_are() throws Exception {
    ExecutorService picks = Executors.newFixedThreadPool(3);
    int most = 10;
    for (int round = 0; round < 2_000; round++) {
      StreamCount one = new StreamCount(most, () -> {});
      now += TimeUnit.SECONDS.toNanos(10);
      long moment = now;
      CyclicBarrier together = new CyclicBarrier(3);
      Callable<Integer> taking =
          () -> {
            int unused = together.await(10, TimeUnit.SECONDS);
            int got = 0;
            for (int i = 0; i < most; i++) {
              got += one.take(moment) ? 1 : 0;
            }
            return got;
          };
      int all = 0;
      for (Future<Integer> each : picks.invokeAll(List.of(taking, taking, taking))) {
        all += each.get();
      }
      assertThat(all).as("round " + round).isEqualTo(most);
    }
    picks.shutdown();
  }

  @Test
  void a_pick_that_was_held_up_does_not_bring_old_times_back() {
    long before = now;
    now += TimeUnit.SECONDS.toNanos(5);
    assertThat(streams.take(now)).isTrue();

    assertThat(streams.take(before)).isTrue();
    assertThat(streams.take(now)).isFalse();
    assertThat(streams.take(before)).isFalse();
  }

  @Test
  void who_waits_is_told_once() {
    streams.begin();
    streams.begin();
    streams.await();
    streams.await();

    streams.end();
    streams.end();

    assertThat(told).hasValue(1);
  }

  @Test
  void the_peer_may_take_another_number_later() {
    streams.begin();
    streams.begin();
    streams.become(3);
    assertThat(streams.take(now)).isTrue();
    streams.become(1);
    assertThat(streams.hasRoom(now)).isFalse();
  }
}
