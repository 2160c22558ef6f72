package io.meshagent.core.policy.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.TestPolicies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls are delayed and fail as they were told to, and nothing of that stays behind. */
class FaultStageTest {

  private final TestAgent mesh = new TestAgent();
  private PlanCompiler compiler;

  private static Settings settings(String text) {
    Settings parsed = TestSettings.loadText("test", text);
    assertThat(parsed.problems()).isEmpty();
    return parsed;
  }

  private CallPlan plan(Side side, String text) {
    compiler = new PlanCompiler(settings(text), null, mesh, name -> null);
    return compiler.plan(side, "a.B/C", MethodKind.UNARY);
  }

  private int delayed() {
    return TestPolicies.faults(compiler).delayed();
  }

  private Call admit(CallPlan plan, List<Verdict> told) {
    Call call = mesh.patientCall(plan);
    TestAgent.admit(call, told::add);
    return call;
  }

  @ParameterizedTest
  @CsvSource({"CLIENT,client", "SERVER,server"})
  void aborts_its_share_with_the_status_and_its_name(Side side, String word) {
    CallPlan plan = plan(side, word + ".fault@a.B=abort DATA_LOSS 20%");
    int aborted = 0;
    for (int i = 0; i < 10_000; i++) {
      Call call = mesh.call(plan);
      if (call.admit() instanceof Refusal refusal) {
        aborted++;
        assertThat(refusal.code()).isEqualTo(Code.DATA_LOSS);
        assertThat(refusal.policy()).isEqualTo("fault");
        assertThat(refusal.isAsFailure()).as("callers are to believe it").isTrue();
        assertThat(refusal.description())
            .isEqualTo(
                "fault injected by mesh-agent: abort DATA_LOSS 20% (" + word + ".fault@a.B)");
      } else {
        call.end(Outcome.OK);
      }
    }
    assertThat(aborted).isCloseTo(2_000, within(300));
    assertThat(TestPolicies.faults(compiler).facts())
        .hasToString(
            "{faults={"
                + word
                + ".fault@a.B=abort DATA_LOSS 20%: 0 delayed, "
                + aborted
                + " aborted}}");
  }

  @Test
  void delays_and_then_lets_go_or_aborts() {
    List<Verdict> told = new ArrayList<>();
    Call call = admit(plan(Side.SERVER, "server.fault=delay 200ms 100%"), told);
    mesh.pass(Duration.ofMillis(199));
    assertThat(told).singleElement().isInstanceOf(Wait.class);
    assertThat(delayed()).isEqualTo(1);
    mesh.pass(Duration.ofMillis(1));
    assertThat(told).hasSize(2).last().isNull();
    assertThat(delayed()).isZero();
    assertThat(call.end(Outcome.OK)).isTrue();

    told.clear();
    Call other = admit(plan(Side.SERVER, "server.fault=delay 1s 100%; abort ABORTED 100%"), told);
    mesh.pass(Duration.ofSeconds(1));
    assertThat(told).hasSize(2).last().isInstanceOf(Refusal.class);
    assertThat(other.isOver()).isTrue();
    assertThat(delayed()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void a_call_that_ends_while_it_is_delayed_leaves_nothing_behind(Code code) {
    for (Side side : Side.values()) {
      String key = side == Side.CLIENT ? "client" : "server";
      CallPlan plan = plan(side, key + ".fault=delay 1s 100%; abort UNKNOWN 100%");
      List<Verdict> told = new ArrayList<>();
      Call call = admit(plan, told);
      assertThat(delayed()).isEqualTo(1);

      assertThat(call.end(code, "test")).isTrue();
      assertThat(call.end(Code.CANCELLED, "again")).isFalse();

      assertThat(delayed()).isZero();
      mesh.pass(Duration.ofSeconds(2));
      assertThat(told).hasSize(1);
      assertThat(mesh.failures).hasValue(0);
    }
  }

  @Test
  void an_error_while_it_is_delayed_lets_it_go_and_leaves_nothing_behind() {
    CallPlan plan = plan(Side.CLIENT, "client.fault=delay 1s 100%");
    mesh.poor = true;
    List<Verdict> told = new ArrayList<>();
    Call call = admit(plan, told);
    assertThat(told).containsExactly((Verdict) null);
    call.end(Outcome.OK);
    assertThat(delayed()).isZero();
  }

  @Test
  void no_more_than_a_thousand_are_delayed_at_once_and_none_that_can_not_wait() {
    CallPlan plan = plan(Side.CLIENT, "client.fault=delay 1s 100%");
    assertThat(mesh.call(plan).admit()).isNull();
    List<Verdict> told = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      Call unused = admit(plan, told);
    }
    assertThat(told).filteredOn(Wait.class::isInstance).hasSize(1_000);
    assertThat(delayed()).isEqualTo(1_000);
    mesh.pass(Duration.ofSeconds(1));
    assertThat(delayed()).isZero();
  }

  @Test
  void one_word_ends_it_all_and_brings_it_back() {
    String rules = "client.fault=abort ABORTED 100%\nserver.fault@a.*=abort ABORTED 100%\n";
    compiler = new PlanCompiler(settings(rules), null, mesh, name -> null);
    CallPlan client = compiler.plan(Side.CLIENT, "a.B/C", MethodKind.UNARY);
    CallPlan server = compiler.plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    assertThat(mesh.call(client).admit()).isInstanceOf(Refusal.class);
    assertThat(mesh.call(server).admit()).isInstanceOf(Refusal.class);

    compiler.recompile(settings(rules + "faults=off\n"));
    assertThat(mesh.call(client).admit()).isNull();
    assertThat(mesh.call(server).admit()).isNull();
    assertThat(TestPolicies.faults(compiler).facts()).isEmpty();

    compiler.recompile(settings(rules + "faults=on\n"));
    assertThat(mesh.call(client).admit()).isInstanceOf(Refusal.class);
    assertThat(mesh.call(server).admit()).isInstanceOf(Refusal.class);
  }
}
