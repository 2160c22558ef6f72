package io.meshagent.core.policy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.AskedCall;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Wait;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Who asks the same gets the same, asked for once; and nothing is held by calls that ended. */
class CacheStageTest extends CacheFixture {

  @Test
  void gives_an_answer_to_all_who_ask_the_same_until_its_time_is_over() {
    use(TTL);
    ask("x").succeed("1", "x-kept", "yes", "traceparent", "no");
    AskedCall hit = ask("x");
    assertThat(hit.answer()).isEqualTo("1");
    assertThat(hit.outcome().answer().headers()).containsExactly("mesh-cache", "hit");
    assertThat(hit.outcome().answer().response().headers()).containsExactly("x-kept", "yes");
    assertThat(hit.outcome().code()).isEqualTo(Code.OK);
    assertThat(ask("y").isSent()).isTrue();

    mesh.pass(OVER.minusNanos(1));
    assertThat(ask("x").answer()).isEqualTo("1");
    mesh.pass(Duration.ofNanos(1));
    AskedCall again = ask("x");
    assertThat(again.isSent()).isTrue();
    again.succeed("2");
    assertThat(ask("x").answer()).isEqualTo("2");
    assertThat(counted()).isEqualTo("3 hits, 0 shared, 0 stale, 3 misses, 0 bypassed");
  }

  @Test
  void of_many_that_miss_at_once_one_goes_and_the_others_get_its_answer() {
    use(TTL);
    AskedCall first = ask("x");
    List<AskedCall> others = ask("x", 63);
    assertThat(others).allMatch(AskedCall::isWaiting);
    assertThat(ask("y").isSent()).as("it asks something else").isTrue();

    first.succeed("1");

    assertThat(others).allMatch(other -> "1".equals(other.answer()) && other.isOver());
    assertThat(counted()).isEqualTo("0 hits, 63 shared, 0 stale, 2 misses, 0 bypassed");
    assertThat(caches().flights()).as("of y alone").isEqualTo(1);
  }

  @Test
  void who_waits_for_its_message_first_is_asked_when_it_is_there() {
    use(TTL);
    ask("x").succeed("1");
    AskedCall call = call("x");
    call.comesLater = true;
    assertThat(call.start().lastTold()).isSameAs(Wait.FOR_REQUEST);
    assertThat(call.send().answer()).isEqualTo("1");

    AskedCall late = call(null);
    assertThat(late.start().isSent()).as("it never came").isTrue();
    late.finish(Outcome.OK);
    assertNothingHeld();
  }

  @ParameterizedTest
  @EnumSource(
      value = Code.class,
      names = {
        "CANCELLED",
        "UNAVAILABLE",
        "DEADLINE_EXCEEDED",
        "RESOURCE_EXHAUSTED",
        "INTERNAL",
        "UNKNOWN",
        "DATA_LOSS"
      })
  void when_the_one_that_went_fails_or_is_cancelled_the_next_one_goes(Code code) {
    use(TTL);
    AskedCall first = ask("x");
    List<AskedCall> others = ask("x", 3);
    assertThat(others.get(2).end(Code.CANCELLED, "enough")).isTrue();

    assertThat(first.end(code, "test")).isTrue();
    assertThat(others.get(1).isSent()).isTrue();
    assertThat(others.get(0).isWaiting()).isTrue();
    others.get(1).succeed("1");
    assertThat(others.get(0).answer()).isEqualTo("1");
    assertNothingHeld();
  }

  @ParameterizedTest
  @EnumSource(
      value = Code.class,
      mode = Mode.EXCLUDE,
      names = {
        "CANCELLED",
        "UNAVAILABLE",
        "DEADLINE_EXCEEDED",
        "RESOURCE_EXHAUSTED",
        "INTERNAL",
        "UNKNOWN",
        "DATA_LOSS"
      })
  void an_answer_that_is_for_one_call_lets_all_others_go_at_once(Code code) {
    use(TTL);
    AskedCall first = ask("x");
    List<AskedCall> others = ask("x", 3);
    // A good end without a message that could be kept, or an answer of the server's own.
    first.finish(Outcome.of(code, null));
    assertThat(others).allMatch(AskedCall::isSent);
    others.forEach(other -> other.succeed("1"));
    assertNothingHeld();
    assertThat(ask("x").answer()).isEqualTo("1");
  }

  @Test
  void ten_thousand_that_are_refused_one_after_the_other_take_no_deep_stack() {
    use(TTL + "client.rate-limit.rate=1/h\n");
    AskedCall first = ask("x");
    List<AskedCall> others = ask("x", 10_000);
    first.finish(Outcome.of(Code.UNAVAILABLE, null));
    assertThat(others).allMatch(other -> other.code() == Code.RESOURCE_EXHAUSTED);
    assertNothingHeld();
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void who_ends_while_it_waits_or_goes_leaves_nothing_behind(Code code) {
    use(TTL + "client.cache.stale-on-failure=1h\n");
    AskedCall first = ask("x");
    AskedCall second = ask("x");
    AskedCall third = ask("x");
    second.finish(Outcome.of(code, null));
    third.finish(Outcome.of(code, null));
    first.finish(Outcome.of(code, null));
    assertNothingHeld();
    assertThat(first.end(code, "again")).isFalse();
  }

  @Test
  void who_can_not_wait_goes_by_itself() {
    use(TTL);
    AskedCall first = ask("x");
    AskedCall hurried = call("x");
    hurried.keepable = false;
    assertThat(hurried.start().isSent()).isTrue();
    AskedCall patient = ask("x");
    patient.waitedEnough();
    patient.resume();
    assertThat(patient.isSent()).isTrue();
    patient.finish(Outcome.of(Code.UNAVAILABLE, null));
    hurried.succeed("2");
    first.succeed("1");
    assertNothingHeld();
  }

  @Test
  void when_calls_fail_an_old_answer_is_given_where_that_is_allowed_and_for_so_long() {
    use(TTL + "client.cache.stale-on-failure@a.B=1m\n");
    ask("x").succeed("1");
    mesh.pass(OVER);
    AskedCall first = ask("x");
    AskedCall waiting = ask("x");
    AskedCall hurried = ask("x");
    Outcome late = hurried.finish(Outcome.of(Code.DEADLINE_EXCEEDED, "late"));
    Outcome told = first.finish(Outcome.of(Code.UNAVAILABLE, "down"));

    assertThat(AskedCall.text(told.answer())).isEqualTo("1");
    assertThat(told.answer().headers()).containsExactly("mesh-cache", "stale");
    assertThat(AskedCall.text(late.answer())).isEqualTo("1");
    assertThat(waiting.answer()).isEqualTo("1");
    assertThat(counted()).isEqualTo("0 hits, 0 shared, 3 stale, 2 misses, 0 bypassed");
    assertThat(ask("x").finish(Outcome.of(Code.NOT_FOUND, null)).answer())
        .as("the server's own answer")
        .isNull();

    mesh.pass(Duration.ofMinutes(1));
    assertThat(ask("x").finish(Outcome.of(Code.UNAVAILABLE, "down")).answer()).isNull();
    assertNothingHeld();
  }

  @Test
  void calls_that_differ_in_a_header_that_counts_or_in_their_channel_share_nothing() {
    use(TTL + "client.cache.headers@a.B=x-tenant\n");
    AskedCall one = call("x");
    one.headers.put("x-tenant", "one");
    one.start().succeed("1");
    assertThat(ask("x").isSent()).isTrue();
    AskedCall same = call("x");
    same.headers.put("x-tenant", "one");
    same.headers.put("x-other", "any");
    assertThat(same.start().answer()).isEqualTo("1");
    AskedCall elsewhere = call("x");
    elsewhere.headers.put("x-tenant", "one");
    elsewhere.way = "2";
    assertThat(elsewhere.start().isSent()).isTrue();
  }

  @Test
  void observed_nothing_is_given_or_has_to_wait_and_hits_are_counted() {
    use(TTL + "governance=observe\n");
    AskedCall first = call("x");
    first.comesLater = true;
    assertThat(first.start().isSent()).isTrue();
    first.comesLater = false;
    first.succeed("1");
    for (int i = 0; i < 3; i++) {
      AskedCall next = ask("x");
      assertThat(next.isSent()).isTrue();
      next.succeed("2");
    }
    assertThat(counted()).isEqualTo("3 hits, 0 shared, 0 stale, 1 misses, 0 bypassed");
    assertThat(compiler.policies().facts().get("observed")).hasToString("{cache client answer=3}");

    use(TTL);
    assertThat(ask("x").isSent()).as("what was only observed is given to nobody").isTrue();
  }

  @Test
  void settings_that_change_count_for_the_calls_that_come() {
    use("client.breaker.enabled=false\n");
    ask("x").succeed("1");
    assertThat(ask("x").isSent()).isTrue();
    use(TTL);
    ask("x").succeed("2");
    use("client.breaker.enabled=false\nclient.cache.ttl@a.B=1h\n");
    mesh.pass(OVER);
    assertThat(ask("x").answer()).isEqualTo("2");
    use("client.breaker.enabled=false\n");
    assertThat(caches().store().size()).isZero();
    assertThat(ask("x").isSent()).isTrue();
  }

  @Test
  void an_error_on_the_way_lets_the_call_go() {
    use(TTL);
    AskedCall broken =
        new AskedCall(plan, mesh, "x") {
          @Override
          public String way() {
            throw new StackOverflowError("test");
          }
        };
    assertThat(broken.start().isSent()).isTrue();
    broken.finish(Outcome.OK);
    assertThat(mesh.failures).hasValue(1);
    assertThat(caches().flights()).isZero();
  }
}
