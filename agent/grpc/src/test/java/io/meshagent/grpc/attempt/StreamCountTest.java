package io.meshagent.grpc.attempt;

import static org.assertj.core.api.Assertions.assertThat;

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
