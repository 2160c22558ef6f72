package io.meshagent.core.policy.shed;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.base.PlannedMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls are refused while the CPU is busy and more are under way than can be answered at once. */
class ShedStageTest {

  private final TestAgent mesh = new TestAgent();
  private final TestLoop loop = new TestLoop();
  private double cpu;
  private final Shedding shedding = new Shedding(mesh, new CpuLoad(() -> () -> cpu, loop));
  private final CallPlan plan = plan("server.shed=on");

  private CallPlan plan(String text) {
    CallPlan made = new CallPlan(Side.SERVER, "a.B/C", null);
    made.install(new Stage[] {stage(Side.SERVER, MethodKind.UNARY, text)}, 0);
    return made;
  }

  private Stage stage(Side side, MethodKind kind, String text) {
    return shedding.stage(
        new PlannedMethod(side, "a.B/C", kind, null, true), TestSettings.loadText("test", text));
  }

  /** What the CPU is at for long enough. */
  private void cpu(double share) {
    cpu = share;
    double unused = shedding.cpu().percent();
    for (int i = 0; i < 40; i++) {
      loop.step();
    }
  }

  /** Four calls at once of 10 ms each, 400 a second: four are what it can answer at once. */
  private void serve(Duration time) {
    for (long millis = 0; millis < time.toMillis(); millis += 10) {
      List<Call> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Call call = mesh.call(plan);
        assertThat(call.admit()).isNull();
        calls.add(call);
      }
      mesh.pass(Duration.ofMillis(10));
      calls.forEach(call -> call.end(Outcome.OK));
    }
  }

  private int letInOf(int offered, List<Refusal> refusals) {
    int in = 0;
    for (int i = 0; i < offered; i++) {
      Object verdict = mesh.call(plan).admit();
      if (verdict == null) {
        in++;
      } else {
        refusals.add((Refusal) verdict);
      }
    }
    return in;
  }

  @Test
  void refuses_what_is_more_than_it_can_answer_at_once_while_the_cpu_is_busy() {
    serve(Duration.ofSeconds(2));
    assertThat(shedding.served().mostAtOnce(mesh.nanoTime())).isEqualTo(4);
    List<Refusal> refusals = new ArrayList<>();
    cpu(0.79);
    assertThat(letInOf(20, refusals)).isEqualTo(20);

    cpu(0.95);
    assertThat(letInOf(20, refusals)).isZero();
    assertThat(refusals.get(0).code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(refusals.get(0).policy()).isEqualTo("shed");
    assertThat(refusals.get(0).description())
        .isEqualTo("mesh-agent: the CPU is at 95 % and 20 calls are under way (server.shed)");
  }

  @Test
  void a_second_after_it_was_busy_it_still_does_and_then_no_more() {
    serve(Duration.ofSeconds(2));
    cpu(0.9);
    List<Refusal> refusals = new ArrayList<>();
    assertThat(letInOf(20, refusals)).as("four, and Kratos' one more").isEqualTo(5);
    cpu(0.1);
    mesh.pass(Duration.ofMillis(900));
    assertThat(letInOf(20, refusals)).isZero();
    mesh.pass(Duration.ofMillis(101));
    assertThat(letInOf(20, refusals)).isEqualTo(20);
  }

  @Test
  void nobody_is_refused_by_a_program_that_has_just_started() {
    cpu(1);
    List<Refusal> refusals = new ArrayList<>();
    assertThat(letInOf(100, refusals)).isEqualTo(100);
  }

  @Test
  void what_it_did_is_forgotten_after_ten_seconds() {
    serve(Duration.ofSeconds(2));
    mesh.pass(Duration.ofSeconds(11));
    assertThat(shedding.served().mostAtOnce(mesh.nanoTime())).isEqualTo(Served.UNKNOWN);
    serve(Duration.ofSeconds(1));
    assertThat(shedding.served().mostAtOnce(mesh.nanoTime())).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void whatever_ends_a_call_it_is_under_way_no_more(Code code) {
    Call call = mesh.call(plan);
    assertThat(call.admit()).isNull();
    assertThat(shedding.underWay()).hasValue(1);
    assertThat(call.end(code, null)).isTrue();
    assertThat(call.end(Code.CANCELLED, null)).isFalse();
    assertThat(shedding.underWay()).hasValue(0);
  }

  @Test
  void an_error_leaves_nothing_behind() {
    Shedding broken =
        new Shedding(
            mesh,
            new CpuLoad(
                () -> {
                  throw new StackOverflowError("test");
                },
                loop));
    CallPlan made = new CallPlan(Side.SERVER, "a.B/C", null);
    made.install(new Stage[] {new ShedStage(broken, 80)}, 0);
    Call call = mesh.call(made);
    assertThat(call.admit()).isNull();
    call.end(Outcome.OK);
    assertThat(broken.underWay()).hasValue(0);
    assertThat(mesh.failures).hasValue(1);
  }

  @Test
  void streams_clients_and_who_did_not_ask_for_it_have_no_part_in_it() {
    assertThat(stage(Side.SERVER, MethodKind.BIDI_STREAMING, "server.shed=on")).isNull();
    assertThat(stage(Side.CLIENT, MethodKind.UNARY, "server.shed=on")).isNull();
    assertThat(stage(Side.SERVER, MethodKind.UNARY, "")).isNull();
    assertThat(stage(Side.SERVER, MethodKind.UNARY, "server.shed=on\nserver.shed@a.B=off"))
        .isNull();
  }
}
