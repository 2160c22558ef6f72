package io.meshagent.core.policy.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.TestPolicies;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Calls in memory that are offered to a limit, for the tests of it. */
abstract class OfferedCalls {

  final TestAgent mesh = new TestAgent();
  PlanCompiler compiler;

  static Settings settings(String text) {
    Settings parsed = TestSettings.loadText("test", text);
    assertThat(parsed.problems()).isEmpty();
    return parsed;
  }

  CallPlan plan(String text) {
    return plan(text, Side.SERVER, MethodKind.UNARY);
  }

  CallPlan plan(String text, Side side, MethodKind kind) {
    compiler = new PlanCompiler(settings(text), null, mesh, name -> null);
    return compiler.plan(side, "a.B/C", kind);
  }

  ConcurrencyLimit limit() {
    return TestPolicies.concurrency(compiler).all().get(0);
  }

  Offered offer(CallPlan plan) {
    return new Offered(mesh.patientCall(plan));
  }

  List<Offered> offer(CallPlan plan, int count) {
    return Stream.generate(() -> offer(plan)).limit(count).toList();
  }

  /** A call, and what it was told; the last is null once it may go on. */
  static final class Offered {
    final Call call;
    final List<Verdict> told = new ArrayList<>();

    Offered(Call call) {
      this.call = call;
      TestAgent.admit(call, told::add);
    }

    boolean isIn() {
      return last() == null && !call.isOver();
    }

    boolean waits() {
      return last() instanceof Wait && !call.isOver();
    }

    Verdict last() {
      return told.get(told.size() - 1);
    }

    String refusal() {
      return last() instanceof Refusal refusal
          ? refusal.code() + " " + refusal.description()
          : "not refused: " + last();
    }
  }
}
