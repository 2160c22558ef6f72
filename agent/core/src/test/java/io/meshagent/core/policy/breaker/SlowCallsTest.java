package io.meshagent.core.policy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.policy.TestPolicies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that take too long open a circuit as those do that fail. */
class SlowCallsTest extends BreakerFixture {

  private static final String SLOW = "client.breaker.slow-call=100ms\nclient.breaker.window=60s\n";

  SlowCallsTest() {
    super(SLOW);
  }

  private void take(int count, long millis, Code code) {
    for (int i = 0; i < count; i++) {
      Call call = admitted(plan);
      mesh.pass(Duration.ofMillis(millis));
      call.end(code, null);
    }
  }

  @Test
  void half_of_the_calls_open_it_and_not_fewer() {
    take(11, 100, Code.OK);
    take(9, 101, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
    take(2, 101, Code.OK);
    assertThat(state()).isEqualTo("OPEN");
  }

  @Test
  void at_the_rate_that_is_set() {
    become(SLOW + "client.breaker.slow-rate=90");
    take(3, 0, Code.OK);
    take(17, 200, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
    take(9, 200, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
    take(1, 200, Code.OK);
    assertThat(state()).as("27 of 30").isEqualTo("OPEN");
  }

  @Test
  void nothing_is_slow_unless_it_is_set() {
    become("");
    take(100, 60_000, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @ParameterizedTest
  @CsvSource({
    "OK, OPEN",
    "CANCELLED, OPEN",
    "UNKNOWN, OPEN",
    "INVALID_ARGUMENT, OPEN",
    "DEADLINE_EXCEEDED, OPEN",
    "NOT_FOUND, OPEN",
    "ALREADY_EXISTS, OPEN",
    "PERMISSION_DENIED, OPEN",
    "RESOURCE_EXHAUSTED, OPEN",
    "FAILED_PRECONDITION, OPEN",
    "ABORTED, OPEN",
    "OUT_OF_RANGE, OPEN",
    "UNIMPLEMENTED, OPEN",
    "INTERNAL, OPEN",
    "UNAVAILABLE, OPEN",
    "DATA_LOSS, OPEN",
    "UNAUTHENTICATED, OPEN"
  })
  void whatever_they_end_with(Code code, String state) {
    take(20, 101, code);
    assertThat(state()).isEqualTo(state);
  }

  @Test
  void those_that_were_never_sent_say_nothing() {
    for (int i = 0; i < 40; i++) {
      Call call = admitted(plan);
      mesh.pass(Duration.ofSeconds(1));
      call.end(Outcome.of(Code.CANCELLED, null).unsent());
    }
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void one_slow_instance_among_others_opens_nothing() {
    for (int i = 0; i < 60; i++) {
      Call call = mesh.call(plan, "instance " + i % 2);
      assertThat(call.admit()).isNull();
      mesh.pass(Duration.ofMillis(i % 2 == 0 ? 200 : 10));
      call.end(Code.OK, null);
    }
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void slow_probes_open_it_again_and_quick_ones_close_it() {
    take(20, 200, Code.OK);
    mesh.pass(Duration.ofMillis(5_001));
    take(5, 200, Code.OK);
    assertThat(state()).isEqualTo("OPEN");
    mesh.pass(Duration.ofMillis(5_001));
    take(5, 10, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void a_probe_that_its_caller_gave_up_was_slow() {
    take(20, 200, Code.OK);
    mesh.pass(Duration.ofMillis(5_001));
    take(5, 200, Code.CANCELLED);
    assertThat(state()).isEqualTo("OPEN");
  }

  @Test
  void a_stream_is_as_quick_as_its_first_answer() {
    CallPlan stream =
        compiler.plan(Side.CLIENT, "helloworld.Greeter/Watch", MethodKind.BIDI_STREAMING);
    for (int i = 0; i < 30; i++) {
      Call call = admitted(stream);
      mesh.pass(Duration.ofMillis(50));
      call.responded();
      mesh.pass(Duration.ofHours(1));
      call.end(Code.OK, null);
    }
    assertThat(stateOf(stream)).isEqualTo("CLOSED");
    for (int i = 0; i < 20; i++) {
      Call call = admitted(stream);
      mesh.pass(Duration.ofMillis(101));
      call.responded();
    }
    assertThat(stateOf(stream)).isEqualTo("OPEN");
  }

  @Test
  void a_stream_that_its_caller_ends_before_an_answer_was_not_slow() {
    CallPlan stream =
        compiler.plan(Side.CLIENT, "helloworld.Greeter/Watch", MethodKind.BIDI_STREAMING);
    for (int i = 0; i < 30; i++) {
      Call call = admitted(stream);
      mesh.pass(Duration.ofMillis(200));
      call.end(Code.CANCELLED, null);
    }
    assertThat(stateOf(stream)).isEqualTo("CLOSED");
  }

  private String stateOf(CallPlan of) {
    return TestPolicies.breakers(compiler).states().get(of.method());
  }

  @Test
  void time_that_a_call_waited_here_is_not_the_services() {
    become(SLOW + "client.fault=delay 500ms 100%");
    for (int i = 0; i < 20; i++) {
      List<Verdict> told = new ArrayList<>();
      Call call = mesh.patientCall(plan);
      TestAgent.admit(call, told::add);
      mesh.pass(Duration.ofMillis(500));
      assertThat(told).as("waited, and went on").hasSize(2).last().isNull();
      mesh.pass(Duration.ofMillis(50));
      call.end(Code.OK, null);
    }
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void of_a_call_that_was_sent_again_the_last_attempt_counts() {
    become(SLOW + "client.retry.attempts=3");
    for (int i = 0; i < 20; i++) {
      Call call = admitted(plan);
      call.left();
      mesh.pass(Duration.ofMillis(300));
      call.left();
      mesh.pass(Duration.ofMillis(20));
      call.end(Code.OK, null);
    }
    assertThat(state()).isEqualTo("CLOSED");
    for (int i = 0; i < 20; i++) {
      Call call = admitted(plan);
      call.left();
      mesh.pass(Duration.ofMillis(300));
      call.end(Code.OK, null);
    }
    assertThat(state()).isEqualTo("OPEN");
  }

  @Test
  void refuses_as_ever() {
    take(20, 200, Code.OK);
    Refusal refusal = refusal(plan);
    assertThat(refusal.code()).isEqualTo(Code.UNAVAILABLE);
    assertThat(refusal.description()).contains("circuit open for " + METHOD);
  }
}
