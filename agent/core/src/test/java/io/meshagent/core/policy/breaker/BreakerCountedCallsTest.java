package io.meshagent.core.policy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.TestPolicies;
import io.meshagent.core.policy.base.PlannedMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which calls count for a circuit, and as what. */
class BreakerCountedCallsTest extends BreakerFixture {

  @ParameterizedTest
  @EnumSource(Code.class)
  void opens_for_failures_of_the_server_and_for_nothing_else(Code code) {
    calls(19, code);
    assertThat(state()).isEqualTo("CLOSED");
    calls(1, code);

    boolean server = Failures.kindOf(code) == Failures.Kind.SERVER;
    assertThat(state()).isEqualTo(server ? "OPEN" : "CLOSED");
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void half_open_only_failures_of_the_server_open_it_again(Code code) {
    halfOpen();
    calls(5, code);

    switch (Failures.kindOf(code)) {
      case SERVER -> assertThat(state()).isEqualTo("OPEN");
      case LOCAL -> assertThat(state()).isEqualTo("HALF_OPEN");
      default -> assertThat(state()).isEqualTo("CLOSED");
    }
  }

  @Test
  void calls_from_before_it_opened_neither_decide_nor_add_probes() {
    List<Call> old = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      old.add(admitted(plan));
    }
    halfOpen();
    admitted(plan).end(Code.OK, null);

    for (int i = 0; i < 30; i++) {
      old.get(i).end(i % 2 == 0 ? Code.UNAVAILABLE : Code.CANCELLED, null);
    }

    assertThat(state()).isEqualTo("HALF_OPEN");
    calls(3, Code.OK);
    Call last = admitted(plan);
    assertThat(refusal(plan)).isNotNull();
    last.end(Code.OK, null);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void probes_of_an_earlier_try_do_not_decide_a_later_one() {
    halfOpen();
    Call slow = admitted(plan);
    calls(4, Code.UNAVAILABLE);
    // One of five is still out: the four that failed are not enough to tell.
    assertThat(state()).isEqualTo("HALF_OPEN");
    mesh.pass(Duration.ofSeconds(10));
    calls(1, Code.UNAVAILABLE);
    assertThat(state()).isEqualTo("OPEN");
    mesh.pass(Duration.ofMillis(5_001));
    calls(4, Code.OK);
    slow.end(Code.OK, null);
    assertThat(state()).isEqualTo("HALF_OPEN");
    calls(1, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void a_stream_that_answers_is_well_and_holds_no_probe() {
    CallPlan stream = compiler.plan(Side.CLIENT, "a.B/Stream", MethodKind.BIDI_STREAMING);
    for (int i = 0; i < 20; i++) {
      admitted(stream).end(Code.UNAVAILABLE, null);
    }
    mesh.pass(Duration.ofMillis(5_001));
    List<Call> open = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      open.add(admitted(stream));
      open.get(i).responded();
      open.get(i).responded();
    }
    assertThat(TestPolicies.breakers(compiler).states()).containsEntry("a.B/Stream", "CLOSED");

    // What was answered and ends then proves nothing: only what was never answered does.
    open.forEach(call -> call.end(Code.UNAVAILABLE, null));
    for (int i = 0; i < 100; i++) {
      Call goodbye = admitted(stream);
      goodbye.responded();
      goodbye.end(Code.UNAVAILABLE, null);
    }
    assertThat(TestPolicies.breakers(compiler).states()).containsEntry("a.B/Stream", "CLOSED");
  }

  @Test
  void the_headers_of_a_unary_call_prove_nothing() {
    for (int i = 0; i < 20; i++) {
      Call call = admitted(plan);
      call.responded();
      call.end(Code.UNAVAILABLE, null);
    }
    assertThat(state()).isEqualTo("OPEN");
  }

  @Test
  void a_call_whose_start_failed_says_nothing_of_the_server() {
    halfOpen();
    for (int i = 0; i < 100; i++) {
      admitted(plan).end(Outcome.of(Code.UNKNOWN, "no token").unsent());
    }
    assertThat(state()).isEqualTo("HALF_OPEN");
  }

  @Test
  void a_refusal_by_a_later_stage_is_not_held_against_the_server() {
    PlannedMethod method = new PlannedMethod(Side.CLIENT, METHOD, MethodKind.UNARY, null, true);
    Stage breaker = TestPolicies.breakers(compiler).stage(method, TestSettings.defaults());
    Stage refusing =
        new Stage() {
          @Override
          public Refusal enter(Call call) {
            return Refusal.of("test", Code.UNAVAILABLE, "no");
          }

          @Override
          public void leave(Call call) {}
        };
    CallPlan refused = new CallPlan(Side.CLIENT, METHOD, null);
    refused.install(new Stage[] {breaker, refusing}, 0);

    for (int i = 0; i < 100; i++) {
      assertThat(refusal(refused).policy()).isEqualTo("test");
    }
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void methods_have_breakers_of_their_own() {
    open();
    CallPlan other = compiler.plan(Side.CLIENT, "helloworld.Greeter/SayBye", MethodKind.UNARY);
    admitted(other).end(Code.OK, null);
    assertThat(TestPolicies.breakers(compiler).states())
        .containsEntry(METHOD, "OPEN")
        .containsEntry("helloworld.Greeter/SayBye", "CLOSED");
  }
}
