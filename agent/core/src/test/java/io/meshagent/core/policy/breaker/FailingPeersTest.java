package io.meshagent.core.policy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FailingPeersTest {

  private static final long WINDOW = TimeUnit.SECONDS.toNanos(10);

  private long now = Long.MIN_VALUE / 2;
  private final FailingPeers peers = new FailingPeers(50, WINDOW, now);

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** As a breaker does with a call that was well. */
  private boolean well(String peer) {
    boolean looking = peers.isLooking(now);
    if (looking) {
      peers.succeeded(peer, now);
    }
    return looking;
  }

  @Test
  void one_that_fails_beside_one_that_was_well_is_one_of_few_from_its_first_failure_on() {
    assertThat(well("good")).isTrue();

    for (int i = 0; i < 100; i++) {
      assertThat(peers.isOneOfFew("bad", now)).as("failure " + i).isTrue();
    }
  }

  @Test
  void while_nothing_fails_only_a_call_now_and_then_is_looked_at() {
    assertThat(well("a")).isTrue();
    pass(9);
    assertThat(well("a")).isFalse();
    pass(1);
    assertThat(well("a")).isTrue();

    assertThat(peers.isOneOfFew("b", now)).isTrue();
    assertThat(well("a")).as("now it matters").isTrue();
    assertThat(well("a")).isTrue();
  }

  @Test
  void the_only_one_or_most_of_them_are_not_few() {
    assertThat(peers.isOneOfFew("a", now)).isFalse();
    assertThat(peers.isOneOfFew("b", now)).isFalse();
    assertThat(well("c")).isTrue();

    assertThat(peers.isOneOfFew("a", now)).as("two of three").isFalse();
    assertThat(peers.isOneOfFew(null, now)).as("nobody knows who").isFalse();
  }

  @Test
  void what_was_seen_longer_ago_than_the_window_does_not_count() {
    assertThat(well("good")).isTrue();
    pass(10_000);

    assertThat(peers.isOneOfFew("bad", now)).isFalse();
  }

  @Test
  void those_that_come_take_the_places_of_those_that_went() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(well("gone " + i)).isTrue();
      pass(10);
    }
    pass(10_000);
    assertThat(well("good")).isTrue();

    assertThat(peers.isOneOfFew("bad", now)).isTrue();
  }
}
