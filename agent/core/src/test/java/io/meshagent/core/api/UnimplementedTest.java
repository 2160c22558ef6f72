package io.meshagent.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Unimplemented.Turn;
import io.meshagent.core.call.CallPlan;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UnimplementedTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Unimplemented unimplemented = new Unimplemented();
  private final Instance one = instance(1);
  private final Instance other = instance(2);

  /** A clock may stand anywhere, below zero too. */
  private long now = -5 * SECOND;

  private static Instance instance(int port) {
    return new Instance(
        "127.0.0.1", port, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Map.of());
  }

  private Turn turn(Instance of) {
    return unimplemented.turn(of, now);
  }

  private void pass(double seconds) {
    now += (long) (seconds * SECOND);
  }

  @Test
  void an_instance_that_says_so_gets_nothing_for_a_second_and_then_one_question() {
    assertThat(unimplemented.isAny()).isFalse();
    assertThat(unimplemented.saidBy(one, 2, now)).isFalse();

    assertThat(unimplemented.isAny()).isTrue();
    assertThat(turn(one)).isEqualTo(Turn.NOTHING);
    assertThat(turn(other)).isEqualTo(Turn.CALLS);
    pass(0.9);
    assertThat(turn(one)).isEqualTo(Turn.NOTHING);
    pass(0.2);
    assertThat(turn(one)).isEqualTo(Turn.QUESTION);
    assertThat(turn(one)).isEqualTo(Turn.NOTHING);
  }

  @Test
  void each_time_that_it_says_so_again_the_pause_is_twice_as_long_up_to_20_seconds() {
    boolean unused = unimplemented.saidBy(one, 2, now);
    pass(1);
    for (int pause : new int[] {2, 4, 8, 16, 20, 20}) {
      assertThat(turn(one)).isEqualTo(Turn.QUESTION);
      assertThat(unimplemented.saidBy(one, 2, now)).as("worth a line").isEqualTo(pause >= 8);
      assertThat(unimplemented.saidBy(one, 1, now)).as("there is no other").isFalse();
      pass(pause - 0.1);
      assertThat(turn(one)).as("before " + pause).isEqualTo(Turn.NOTHING);
      pass(0.1);
    }
  }

  @Test
  void a_question_that_is_never_answered_is_asked_again() {
    boolean unused = unimplemented.saidBy(one, 2, now);
    pass(1);
    assertThat(turn(one)).isEqualTo(Turn.QUESTION);
    pass(2);
    assertThat(turn(one)).isEqualTo(Turn.QUESTION);
  }

  @Test
  void an_instance_that_answers_is_used_again_and_for_a_minute_whatever_it_says() {
    boolean unused = unimplemented.saidBy(one, 2, now);
    pass(1);
    assertThat(turn(one)).isEqualTo(Turn.QUESTION);
    unimplemented.answeredBy(one, now);
    unimplemented.answeredBy(one, now);
    assertThat(turn(one)).isEqualTo(Turn.CALLS);
    assertThat(unimplemented.isAny()).isFalse();

    pass(59);
    assertThat(unimplemented.saidBy(one, 2, now)).isFalse();
    assertThat(turn(one)).as("it says so of some requests").isEqualTo(Turn.CALLS);
    pass(2);
    assertThat(unimplemented.saidBy(one, 2, now)).isFalse();
    assertThat(turn(one)).isEqualTo(Turn.NOTHING);
  }

  @Test
  void what_the_registry_tells_anew_is_another_instance() {
    boolean unused = unimplemented.saidBy(one, 2, now);

    assertThat(turn(instance(1))).isEqualTo(Turn.CALLS);
  }

  @Test
  void what_it_remembers_is_bounded() {
    for (int i = 1; i <= 1_000; i++) {
      boolean unused = unimplemented.saidBy(instance(i), 2, now);
    }
    assertThat(unimplemented.saidBy(one, 2, now)).isFalse();
    assertThat(turn(one)).as("beyond that it is used as ever").isEqualTo(Turn.CALLS);
    pass(120);
    assertThat(unimplemented.saidBy(one, 2, now)).isFalse();
    assertThat(turn(one)).as("those that are gone make room").isEqualTo(Turn.NOTHING);
  }

  @Test
  void what_is_gone_is_forgotten_after_a_while_and_costs_no_pick_any_more() {
    boolean unused = unimplemented.saidBy(one, 2, now) || unimplemented.saidBy(other, 2, now);
    pass(60);
    unimplemented.forgetGone(new Instance[] {other}, now);
    assertThat(turn(one)).as("a minute after its time").isEqualTo(Turn.QUESTION);

    pass(70);
    unimplemented.forgetGone(new Instance[] {other}, now);

    assertThat(turn(one)).isEqualTo(Turn.CALLS);
    assertThat(turn(other)).as("it is there").isEqualTo(Turn.QUESTION);
    pass(70);
    unimplemented.forgetGone(new Instance[] {one}, now);
    assertThat(unimplemented.isAny()).isFalse();
  }

  @Test
  void a_plan_finds_the_instance_by_its_address_where_there_are_several() {
    CallPlan plan = new CallPlan(Side.CLIENT, "a.B/C", null);
    Endpoints both = LiveEndpoints.of(List.of(one, other));
    assertThat(plan.unimplementedBy(both, null, now)).isNull();
    assertThat(
            plan.unimplementedBy(
                both, new InetSocketAddress(InetAddress.getLoopbackAddress(), 3), now))
        .isNull();
    assertThat(plan.unimplemented()).isNull();

    assertThat(plan.unimplementedBy(both, one.address(), now)).isNull();
    assertThat(plan.unimplemented().turn(one, now)).isEqualTo(Turn.NOTHING);
    for (int pause : new int[] {1, 2, 4}) {
      pass(pause);
      assertThat(plan.unimplementedBy(both, one.address(), now)).isNull();
      assertThat(plan.unimplemented().turn(one, now)).isEqualTo(Turn.QUESTION);
    }
    assertThat(plan.unimplementedBy(both, one.address(), now)).as("and again").isSameAs(one);

    CallPlan alone = new CallPlan(Side.CLIENT, "a.B/C", null);
    Endpoints only = LiveEndpoints.of(List.of(one));
    assertThat(alone.unimplementedBy(only, one.address(), now)).isNull();
    assertThat(alone.unimplemented()).as("there is no other").isNull();
    assertThat(alone.unimplementedBy(Endpoints.ABSENT, one.address(), now)).isNull();
  }
}
