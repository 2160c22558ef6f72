package io.meshagent.core.policy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.RepeatRule;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.base.PolicyMetrics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which rule a method's calls follow, and what they pay for. */
class RepeatsTest {

  private static final String METHOD = "a.B/C";

  private final TestAgent agent = new TestAgent();
  private final PlanCompiler compiler =
      new PlanCompiler(TestSettings.defaults(), null, agent, name -> null);

  private RepeatRule rule(String method, MethodKind kind, String... lines) {
    compiler.recompile(TestSettings.loadText("text", String.join("\n", lines)));
    return compiler.plan(Side.CLIENT, method, kind).pipeline().repeats();
  }

  private RepeatRule rule(String... lines) {
    return rule(METHOD, MethodKind.UNARY, lines);
  }

  private void calls(int count) {
    CallPlan plan = compiler.plan(Side.CLIENT, METHOD, MethodKind.UNARY);
    for (int i = 0; i < count; i++) {
      Call call = agent.call(plan);
      assertThat(call.admit()).isNull();
      call.end(Code.OK, null);
    }
  }

  private Map<String, Double> counts() {
    Map<String, Double> counts = new TreeMap<>();
    compiler
        .policies()
        .show(
            new PolicyMetrics() {
              @Override
              public void gauge(
                  String name, String help, List<String> labels, Consumer<Values> source) {}

              @Override
              public void counter(
                  String name, String help, List<String> labels, Consumer<Values> source) {
                source.accept(
                    (value, its) -> counts.put(name + " " + String.join(",", its), value));
              }
            });
    return counts;
  }

  @Test
  void without_a_setting_there_is_none_and_nothing_is_shown() {
    assertThat(rule()).isNull();
    assertThat(rule("client.retry.codes=ABORTED", "client.hedge.delay=1s")).isNull();
    assertThat(compiler.policies().facts()).doesNotContainKey("retries");
    assertThat(compiler.plan(Side.SERVER, METHOD, MethodKind.UNARY).pipeline().repeats()).isNull();
  }

  @Test
  void retries_say_all_that_is_set() {
    RepeatRule rule =
        rule(
            "client.retry.attempts@a.B=3",
            "client.retry.codes=ABORTED,UNAVAILABLE",
            "client.retry.backoff=20ms..2s x3");
    assertThat(rule.isHedging()).isFalse();
    assertThat(rule.attempts()).isEqualTo(3);
    assertThat(rule.codes()).containsExactly("ABORTED", "UNAVAILABLE");
    assertThat(rule.isRepeatedAfter(Code.ABORTED)).isTrue();
    assertThat(rule.isRepeatedAfter(Code.INTERNAL)).isFalse();
    assertThat(rule.firstBackoffNanos()).isEqualTo(20_000_000);
    assertThat(rule.mostBackoffNanos()).isEqualTo(2_000_000_000);
    assertThat(rule.backoffFactor()).isEqualTo(3);
    assertThat(rule("c.D/E", MethodKind.UNARY, "client.retry.attempts@a.B=3")).isNull();
  }

  @Test
  void hedges_are_for_unary_calls() {
    String[] lines = {"client.hedge.attempts=2", "client.hedge.delay=30ms"};
    RepeatRule rule = rule(lines);
    assertThat(rule.isHedging()).isTrue();
    assertThat(rule.hedgeDelayNanos()).isEqualTo(30_000_000);
    assertThat(rule("a.B/Stream", MethodKind.BIDI_STREAMING, lines)).isNull();
  }

  @Test
  void of_both_the_one_for_fewer_methods_counts_and_of_equals_the_retries() {
    assertThat(rule("client.retry.attempts=2", "client.hedge.attempts@a.B/C=3").isHedging())
        .isTrue();
    assertThat(rule("client.retry.attempts@a.*=2", "client.hedge.attempts=3").isHedging())
        .isFalse();
    assertThat(rule("client.retry.attempts@a.B=2", "client.hedge.attempts@a.B=3").isHedging())
        .isFalse();
  }

  @Test
  void a_change_makes_another_rule_for_the_calls_that_come_and_keeps_budget_and_counts() {
    RepeatRule before = rule("client.retry.attempts=2", "client.retry.budget=2/s");
    assertThat(before.tryRetry()).isTrue();
    assertThat(rule("client.retry.attempts=2", "client.retry.budget=2/s")).isSameAs(before);
    RepeatRule after = rule("client.retry.attempts=3", "client.retry.budget=2/s");
    assertThat(after).isNotSameAs(before);
    assertThat(after.tryRetry()).isTrue();
    assertThat(after.tryRetry()).as("the same budget").isFalse();
    assertThat(counts())
        .containsEntry("mesh_client_retries_total a.B/C", 2.0)
        .containsEntry("mesh_client_retries_refused_total a.B/C", 1.0);
    assertThat(rule("client.retry.attempts=1")).isNull();
    assertThat(counts()).containsEntry("mesh_client_retries_total a.B/C", 2.0);
  }

  @Test
  void each_service_has_a_budget_and_a_method_one_that_is_set_for_it() {
    String[] lines = {
      "client.retry.attempts=2", "client.retry.budget=1/s", "client.retry.budget@a.B/Own=1/s"
    };
    RepeatRule first = rule(lines);
    RepeatRule second = rule("a.B/Other", MethodKind.UNARY, lines);
    RepeatRule elsewhere = rule("c.D/E", MethodKind.UNARY, lines);
    RepeatRule own = rule("a.B/Own", MethodKind.UNARY, lines);
    assertThat(first.tryRetry()).isTrue();
    assertThat(second.tryRetry()).isFalse();
    assertThat(elsewhere.tryRetry()).isTrue();
    assertThat(own.tryRetry()).isTrue();
  }

  @Test
  void calls_that_are_sent_pay() {
    RepeatRule rule = rule("client.hedge.attempts=2", "client.retry.budget=20%");
    assertThat(rule.mayHedge()).isFalse();
    calls(5);
    assertThat(rule.mayHedge()).isTrue();
    rule.hedged();
    assertThat(rule.mayHedge()).isFalse();
    assertThat(counts()).containsEntry("mesh_client_hedges_total a.B/C", 1.0);
    assertThat(compiler.policies().facts().get("retries"))
        .asString()
        .contains("a.B/C", "hedge, 2 attempts, UNAVAILABLE", "hedges=1");
  }

  @Test
  void where_nothing_may_be_kept_for_a_method_there_is_none() {
    compiler.recompile(TestSettings.loadText("text", "client.retry.attempts=2"));
    CallPlan last = null;
    for (int i = 0; i < 101; i++) {
      last = compiler.plan(Side.CLIENT, "made.Up/M" + i, MethodKind.UNARY);
    }
    assertThat(last.isKept()).isFalse();
    assertThat(last.pipeline().repeats()).isNull();
  }
}
