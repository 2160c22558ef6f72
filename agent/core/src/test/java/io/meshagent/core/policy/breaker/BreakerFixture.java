package io.meshagent.core.policy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.TestPolicies;
import java.time.Duration;

/** Calls of one method, and the state of its circuit. */
abstract class BreakerFixture {

  static final String METHOD = "helloworld.Greeter/SayHello";

  final TestAgent mesh = new TestAgent();
  final PlanCompiler compiler;
  final CallPlan plan;

  BreakerFixture() {
    this("");
  }

  /** By other settings than the defaults. */
  BreakerFixture(String settings) {
    compiler = compiler(TestSettings.loadText("test", settings));
    plan = compiler.plan(Side.CLIENT, METHOD, MethodKind.UNARY);
  }

  void become(String settings) {
    compiler.recompile(TestSettings.loadText("test", settings));
  }

  PlanCompiler compiler(Settings settings) {
    return new PlanCompiler(settings, null, mesh, name -> null);
  }

  String state() {
    return TestPolicies.breakers(compiler).states().get(METHOD);
  }

  Call admitted(CallPlan plan) {
    Call call = mesh.call(plan);
    assertThat(call.admit()).isNull();
    return call;
  }

  void calls(int count, Code code) {
    for (int i = 0; i < count; i++) {
      admitted(plan).end(code, null);
    }
  }

  Refusal refusal(CallPlan plan) {
    return (Refusal) mesh.call(plan).admit();
  }

  void open() {
    calls(20, Code.UNAVAILABLE);
    assertThat(state()).isEqualTo("OPEN");
  }

  void halfOpen() {
    open();
    mesh.pass(Duration.ofMillis(5_001));
  }
}
