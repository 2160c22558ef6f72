package io.meshagent.core.policy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.policy.breaker.Failures.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every row of the table that says what the end of a call means. */
class FailuresTest {

  private final TestAgent mesh = new TestAgent();
  private final UsualTime usual = new UsualTime();
  private final Call call = mesh.call(new CallPlan(Side.CLIENT, "a.B/M", null));

  FailuresTest() {
    assertThat(call.admit()).isNull();
  }

  private Kind ends(Code code) {
    return ends(code, false);
  }

  private Kind ends(Code code, boolean streaming) {
    return ends(Outcome.of(code, null), streaming);
  }

  private Kind ends(Outcome outcome, boolean streaming) {
    assertThat(call.end(outcome)).isTrue();
    return Failures.kindOf(call, streaming, usual);
  }

  private Kind outOfTime(long givenMillis, boolean inherited) {
    long given = Duration.ofMillis(givenMillis).toNanos();
    return ends(Outcome.of(Code.DEADLINE_EXCEEDED, null).outOfTime(given, inherited), false);
  }

  private void usually(long millis) {
    for (int i = 0; i < 50; i++) {
      usual.answered(Duration.ofMillis(millis).toNanos());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OK, HEALTHY",
    "CANCELLED, LOCAL",
    "UNKNOWN, HEALTHY",
    "INVALID_ARGUMENT, HEALTHY",
    "DEADLINE_EXCEEDED, SERVER",
    "NOT_FOUND, HEALTHY",
    "ALREADY_EXISTS, HEALTHY",
    "PERMISSION_DENIED, HEALTHY",
    "RESOURCE_EXHAUSTED, OVERLOAD",
    "FAILED_PRECONDITION, HEALTHY",
    "ABORTED, HEALTHY",
    "OUT_OF_RANGE, HEALTHY",
    "UNIMPLEMENTED, HEALTHY",
    "INTERNAL, HEALTHY",
    "UNAVAILABLE, SERVER",
    "DATA_LOSS, SERVER",
    "UNAUTHENTICATED, HEALTHY"
  })
  void what_a_code_says_of_the_server(Code code, Kind kind) {
    assertThat(ends(code)).isEqualTo(kind);
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void what_never_left_says_nothing_of_the_server(Code code) {
    assertThat(ends(Outcome.of(code, null).unsent(), false)).isEqualTo(Kind.LOCAL);
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, LOCAL",
    "DEADLINE_EXCEEDED, LOCAL",
    "RESOURCE_EXHAUSTED, OVERLOAD",
    "INTERNAL, HEALTHY"
  })
  void a_refusal_that_the_server_passes_on_is_not_its_failure(Code code, Kind kind) {
    assertThat(ends(Outcome.of(code, null).passedOn(), false)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({"UNAVAILABLE, LOCAL", "DATA_LOSS, LOCAL", "DEADLINE_EXCEEDED, LOCAL", "OK, HEALTHY"})
  void a_stream_that_was_answered_and_ends_later_proves_nothing(Code code, Kind kind) {
    call.responded();
    assertThat(ends(code, true)).isEqualTo(kind);
  }

  @Test
  void a_stream_that_was_never_answered_has_failed() {
    assertThat(ends(Code.UNAVAILABLE, true)).isEqualTo(Kind.SERVER);
  }

  @Test
  void a_unary_call_that_breaks_after_its_headers_has_failed() {
    call.responded();
    assertThat(ends(Code.UNAVAILABLE)).isEqualTo(Kind.SERVER);
  }

  @ParameterizedTest
  @CsvSource({
    // A deadline of its own counts from the usual time on, an inherited one from four deviations
    // more; 50 equal answers leave next to none.
    "50, 0, false, LOCAL",
    "50, 49, false, LOCAL",
    "50, 51, false, SERVER",
    "50, 30, true, LOCAL",
    "50, 52, true, SERVER",
    "50, 10000, true, SERVER"
  })
  void a_deadline_has_to_be_fair(long usually, long given, boolean inherited, Kind kind) {
    usually(usually);
    assertThat(outOfTime(given, inherited)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "-5, false, LOCAL",
    "0, false, LOCAL",
    "2, false, SERVER",
    "999, true, LOCAL",
    "1000, true, SERVER"
  })
  void and_fair_enough_while_nobody_knows_how_long_answers_take(
      long given, boolean inherited, Kind kind) {
    assertThat(outOfTime(given, inherited)).isEqualTo(kind);
  }

  @Test
  void answers_that_vary_make_inherited_time_unfair_for_longer() {
    for (int i = 0; i < 50; i++) {
      usual.answered(Duration.ofMillis(i % 2 == 0 ? 10 : 90).toNanos());
    }
    assertThat(usual.fairNanos(false)).isBetween(40_000_000L, 60_000_000L);
    assertThat(usual.fairNanos(true)).isBetween(180_000_000L, 240_000_000L);
  }

  @Test
  void the_servers_own_deadline_exceeded_is_its_failure_however_quick() {
    usually(50);
    mesh.pass(Duration.ofMillis(7));
    assertThat(ends(Code.DEADLINE_EXCEEDED)).isEqualTo(Kind.SERVER);
  }
}
