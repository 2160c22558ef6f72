package io.meshagent.core.policy.access;

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
import io.meshagent.core.policy.Policies;
import io.meshagent.core.policy.TestPolicies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may not call is told of or refused, and nothing is held for anybody. */
class AccessStageTest {

  private static final String ENFORCED =
      "server.access@a.B=allow shop; deny *\nserver.access.mode=enforce\n";

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

  private Refusal refused(CallPlan plan, String name) {
    Call call = mesh.callBy(plan, List.of(), name);
    Refusal refusal = (Refusal) call.admit();
    if (refusal == null) {
      assertThat(call.end(Code.OK, null)).isTrue();
    }
    return refusal;
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> facts() {
    Map<String, Object> all =
        (Map<String, Object>) TestPolicies.access(compiler).facts().get("access");
    return (Map<String, Object>) all.get("server.access@a.B");
  }

  @Test
  void by_default_who_may_not_call_is_told_of_and_let_in() {
    CallPlan plan = plan(Side.SERVER, "server.access@a.B=allow shop; deny *");

    assertThat(refused(plan, "shop")).isNull();
    assertThat(refused(plan, "batch")).isNull();
    assertThat(refused(plan, "batch")).isNull();
    assertThat(refused(plan, null)).isNull();

    assertThat(facts())
        .containsEntry("allowed", 1L)
        .containsEntry("reported", 3L)
        .containsEntry("refused", 0L)
        .containsEntry(
            "not let in",
            Map.of(
                "batch -> a.B/C: reported", 2L, "a caller without a name -> a.B/C: reported", 1L));
  }

  @Test
  void a_refusal_says_who_may_not_call_what_and_by_which_setting() {
    CallPlan plan = plan(Side.SERVER, ENFORCED);

    assertThat(refused(plan, "shop")).isNull();
    Refusal refusal = refused(plan, "batch");

    assertThat(refusal.policy()).isEqualTo("access");
    assertThat(refusal.code()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(refusal.description())
        .isEqualTo("mesh-agent: batch may not call a.B/C (server.access@a.B)");
    assertThat(refusal.pushbackMillis()).isEqualTo(-1);
    assertThat(refused(plan, null).description()).contains("a caller without a name may not call");
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void whatever_comes_of_a_call_nothing_is_held(Code code) {
    CallPlan plan = plan(Side.SERVER, ENFORCED);
    Call call = mesh.callBy(plan, List.of(), "shop");
    assertThat(call.admit()).isNull();
    assertThat(call.end(code, null)).isTrue();
    assertThat(call.end(Code.CANCELLED, null)).isFalse();
    assertThat(mesh.failures).hasValue(0);
  }

  @Test
  void a_throw_or_an_error_of_what_tells_the_caller_lets_the_call_go_on() {
    CallPlan plan = plan(Side.SERVER, ENFORCED);
    Runnable[] troubles = {
      () -> {
        throw new IllegalStateException();
      },
      () -> {
        throw new LinkageError();
      }
    };
    for (Runnable trouble : troubles) {
      Call call =
          new Call(plan, mesh) {
            @Override
            public List<String> certified() {
              trouble.run();
              return List.of();
            }

            @Override
            public String header(String name) {
              return null;
            }

            @Override
            public void addHeader(String name, String value) {}
          };
      assertThat(call.admit()).isNull();
      assertThat(call.end(Code.OK, null)).isTrue();
    }
    assertThat(mesh.failures).hasValue(2);
  }

  @Test
  void clients_and_health_checks_are_not_concerned() {
    assertThat(refused(plan(Side.CLIENT, "server.access=deny *"), "batch")).isNull();
    String all = "server.access=deny *\nserver.access.mode=enforce";
    compiler = new PlanCompiler(settings(all), null, mesh, name -> null);
    assertThat(
            refused(
                compiler.plan(Side.SERVER, "grpc.health.v1.Health/Check", MethodKind.UNARY),
                "batch"))
        .isNull();
    assertThat(refused(compiler.plan(Side.SERVER, "a.B/C", MethodKind.UNARY), "batch")).isNotNull();
  }

  @Test
  void who_could_not_know_yet_that_a_name_is_needed_is_let_in_for_ten_seconds() {
    CallPlan plan = plan(Side.SERVER, "");
    compiler.recompile(settings(ENFORCED));
    assertThat(refused(plan, null)).as("just now").isNull();
    assertThat(refused(plan, "batch")).as("one that knows").isNotNull();
    mesh.pass(Duration.ofSeconds(9));
    compiler.recompile(settings(ENFORCED + "client.timeout=1s\n"));
    assertThat(refused(plan, null)).isNull();
    mesh.pass(Duration.ofSeconds(1));
    assertThat(refused(plan, null)).isNotNull();

    compiler.recompile(settings("server.access@a.B=allow shop; deny *"));
    mesh.pass(Duration.ofSeconds(30));
    compiler.recompile(settings(ENFORCED));
    assertThat(refused(plan, null)).as("asked since it was reported").isNotNull();
  }

  @Test
  void nobody_is_let_in_for_that_where_a_certificate_alone_counts() {
    CallPlan plan = plan(Side.SERVER, "");
    compiler.recompile(settings("server.access=allow tls:shop\nserver.access.mode=enforce"));
    assertThat(refused(plan, null)).isNotNull();
    Call call = mesh.callBy(plan, List.of("shop"), null);
    assertThat(call.admit()).isNull();
  }

  @Test
  void callers_are_asked_for_their_name_only_where_it_makes_a_difference() {
    assertThat(Policies.needCallers(settings(""))).isFalse();
    assertThat(Policies.needCallers(settings("server.access=allow tls:a; deny *"))).isFalse();
    assertThat(Policies.needCallers(settings("server.access@a.B/C=allow shop"))).isTrue();
    assertThat(Policies.needCallers(settings("server.access=allow shop\ngovernance=observe")))
        .isTrue();
    assertThat(Policies.needCallers(settings("server.access=allow shop\ngovernance=off")))
        .isFalse();
    assertThat(Policies.needCallers(settings("server.rate-limit.key=caller"))).isTrue();
    assertThat(Policies.needCallers(settings("server.rate-limit.key=header:x-user"))).isFalse();
  }

  @Test
  void made_up_names_are_counted_and_not_kept() {
    CallPlan plan = plan(Side.SERVER, ENFORCED);
    for (int i = 0; i < 1_000; i++) {
      assertThat(refused(plan, "x" + i + "\n" + "y".repeat(150)).description())
          .hasSizeLessThan(200)
          .doesNotContain("\n");
    }
    assertThat(facts()).containsEntry("refused", 1_000L);
    assertThat((Map<?, ?>) facts().get("not let in")).hasSize(GovernedAccess.MOST_TOLD);
  }

  @Test
  void counts_go_on_while_the_rule_is_the_same_and_go_with_it() {
    CallPlan plan = plan(Side.SERVER, ENFORCED);
    assertThat(refused(plan, "batch")).isNotNull();
    compiler.recompile(settings("server.access@a.B=allow shop; deny *"));
    assertThat(refused(plan, "batch")).isNull();
    assertThat(facts()).containsEntry("refused", 1L).containsEntry("reported", 1L);
    compiler.recompile(settings(""));
    assertThat(TestPolicies.access(compiler).facts()).isEmpty();
  }
}
