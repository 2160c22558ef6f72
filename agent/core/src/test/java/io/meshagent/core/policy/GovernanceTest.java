package io.meshagent.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GovernanceTest {

  private static final String LIMITS =
      "server.rate-limit.rate=1/m\nclient.rate-limit.rate=1/m\nclient.timeout=1s\n";

  private final TestAgent mesh = new TestAgent();

  private static Settings settings(String governance) {
    return TestSettings.loadText("test", LIMITS + "governance=" + governance);
  }

  private PlanCompiler compiler(String governance) {
    return new PlanCompiler(settings(governance), null, mesh, name -> null);
  }

  private boolean passes(CallPlan plan) {
    Call call = mesh.call(plan);
    boolean passes = call.admit() == null;
    if (passes) {
      call.end(Code.UNAVAILABLE, null);
    }
    return passes;
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void observed_calls_pass_and_what_would_have_been_done_is_counted(Side side) {
    PlanCompiler compiler = compiler("observe");
    CallPlan plan = compiler.plan(side, "a.B/C", MethodKind.UNARY);

    for (int i = 0; i < 30; i++) {
      assertThat(passes(plan)).isTrue();
    }

    assertThat(plan.pipeline().timeoutNanos()).isZero();
    String word = side == Side.CLIENT ? "client" : "server";
    assertThat(compiler.policies().facts().get("observed"))
        .asString()
        .contains("rate-limit " + word + " refuse=29");
  }

  @Test
  void an_observed_circuit_opens_and_closes_as_a_governed_one_does() {
    PlanCompiler compiler =
        new PlanCompiler(
            TestSettings.loadText("test", "governance=observe"), null, mesh, name -> null);
    CallPlan plan = compiler.plan(Side.CLIENT, "a.B/C", MethodKind.UNARY);
    for (int i = 0; i < 25; i++) {
      assertThat(passes(plan)).isTrue();
    }
    assertThat(TestPolicies.breakers(compiler).states()).containsEntry("a.B/C", "OPEN");
    assertThat(compiler.policies().facts().get("observed"))
        .asString()
        .contains("breaker client refuse=5");

    mesh.pass(Duration.ofSeconds(6));
    for (int i = 0; i < 20; i++) {
      Call call = mesh.call(plan);
      assertThat(call.admit()).isNull();
      call.end(Code.OK, null);
    }
    assertThat(TestPolicies.breakers(compiler).states()).containsEntry("a.B/C", "CLOSED");
    assertThat(mesh.failures).hasValue(0);
  }

  @Test
  void switched_off_nothing_is_asked_and_on_again_everything() {
    PlanCompiler compiler = compiler("off");
    CallPlan plan = compiler.plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    for (int i = 0; i < 3; i++) {
      assertThat(passes(plan)).isTrue();
    }
    assertThat(compiler.policies().facts()).doesNotContainKey("observed");

    compiler.recompile(settings("on"));
    assertThat(passes(plan)).isTrue();
    assertThat(passes(plan)).isFalse();

    compiler.recompile(settings("off"));
    assertThat(passes(plan)).isTrue();
  }
}
