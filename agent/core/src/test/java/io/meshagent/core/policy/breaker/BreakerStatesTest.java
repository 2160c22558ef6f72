package io.meshagent.core.policy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.TestPolicies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a circuit opens, what it lets through then, and when it closes. */
class BreakerStatesTest extends BreakerFixture {

  @Test
  void opens_at_half_of_the_calls_and_not_below() {
    calls(11, Code.OK);
    calls(9, Code.UNAVAILABLE);
    assertThat(state()).isEqualTo("CLOSED");
    calls(2, Code.UNAVAILABLE);
    assertThat(state()).isEqualTo("OPEN");
  }

  @Test
  void forgets_what_is_older_than_the_window() {
    calls(19, Code.UNAVAILABLE);
    mesh.pass(Duration.ofSeconds(11));
    calls(1, Code.UNAVAILABLE);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void refuses_while_open_and_says_who_refuses_and_until_when() {
    open();
    mesh.pass(Duration.ofMillis(1_850));

    Call call = mesh.call(plan);
    Refusal refusal = (Refusal) call.admit();

    assertThat(refusal.policy()).isEqualTo("breaker");
    assertThat(refusal.code()).isEqualTo(Code.UNAVAILABLE);
    assertThat(refusal.description())
        .isEqualTo(
            "mesh-agent: circuit open for helloworld.Greeter/SayHello (client.breaker),"
                + " next probe in 3.2 s");
    assertThat(refusal.pushbackMillis()).isEqualTo(-1);
    assertThat(call.code()).isEqualTo(Code.UNAVAILABLE);
    assertThat(call.end(Code.OK, null)).isFalse();
  }

  @Test
  void lets_a_few_probes_through_and_closes_when_they_are_well() {
    halfOpen();
    List<Call> probes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      probes.add(admitted(plan));
    }
    assertThat(state()).isEqualTo("HALF_OPEN");
    assertThat(refusal(plan).description()).endsWith("probes are under way");

    probes.forEach(probe -> probe.end(Code.OK, null));

    assertThat(state()).isEqualTo("CLOSED");
    calls(19, Code.UNAVAILABLE);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void opens_again_when_probes_fail_and_waits_as_long_again() {
    halfOpen();
    calls(5, Code.UNAVAILABLE);
    assertThat(state()).isEqualTo("OPEN");
    mesh.pass(Duration.ofMillis(4_900));
    assertThat(refusal(plan).description()).endsWith("next probe in 0.1 s");
    mesh.pass(Duration.ofMillis(101));
    calls(5, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void a_cancelled_probe_gives_its_place_to_another() {
    halfOpen();
    for (int i = 0; i < 100; i++) {
      admitted(plan).end(Code.CANCELLED, null);
    }
    calls(5, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void is_never_stuck_half_open_when_probes_hang() {
    halfOpen();
    List<Call> hanging = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      hanging.add(admitted(plan));
    }
    mesh.pass(Duration.ofMillis(1_900));
    assertThat(refusal(plan)).isNotNull();
    mesh.pass(Duration.ofMillis(100));

    calls(5, Code.OK);
    assertThat(state()).isEqualTo("CLOSED");
    hanging.forEach(call -> call.end(Code.OK, null));
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void few_calls_do_not_make_more_probes() {
    halfOpen();
    admitted(plan).end(Code.OK, null);
    mesh.pass(Duration.ofSeconds(60));
    for (int i = 0; i < 4; i++) {
      admitted(plan);
    }
    assertThat(refusal(plan)).isNotNull();
  }

  @Test
  void probes_that_are_slow_and_well_close_it_when_they_are_done() {
    halfOpen();
    List<Call> slow = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      slow.add(admitted(plan));
      mesh.pass(Duration.ofSeconds(30));
    }
    slow.add(admitted(plan));
    slow.forEach(call -> call.end(Code.OK, null));
    assertThat(state()).isEqualTo("CLOSED");
  }

  @Test
  void follows_its_settings() {
    PlanCompiler own =
        compiler(
            TestSettings.loadText(
                "test",
                """
                client.breaker.minimum-calls@a.B=4
                client.breaker.failure-rate@a.B=100
                client.breaker.open-for@a.B=100ms
                client.breaker.probes@a.B=1
                client.breaker.enabled@a.C=false
                """));
    CallPlan strict = own.plan(Side.CLIENT, "a.B/M", MethodKind.UNARY);
    for (int i = 0; i < 4; i++) {
      admitted(strict).end(Code.DATA_LOSS, null);
    }
    assertThat(refusal(strict)).isNotNull();
    mesh.pass(Duration.ofMillis(101));
    Call probe = admitted(strict);
    assertThat(refusal(strict)).isNotNull();
    probe.end(Code.OK, null);
    assertThat(TestPolicies.breakers(own).states())
        .containsExactly(java.util.Map.entry("a.B/M", "CLOSED"));

    CallPlan none = own.plan(Side.CLIENT, "a.C/M", MethodKind.UNARY);
    for (int i = 0; i < 100; i++) {
      admitted(none).end(Code.UNAVAILABLE, null);
    }
    assertThat(TestPolicies.breakers(own).states()).doesNotContainKey("a.C/M");
  }
}
