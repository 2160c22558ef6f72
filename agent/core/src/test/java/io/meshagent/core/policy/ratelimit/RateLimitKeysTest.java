package io.meshagent.core.policy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers that have a rate of their own. */
class RateLimitKeysTest {

  private static final String TEN = "server.rate-limit.rate=10/s\nserver.rate-limit.burst=10\n";

  private final TestAgent mesh = new TestAgent();

  private PlanCompiler compiler(String text) {
    Settings parsed = TestSettings.loadText("test", text);
    assertThat(parsed.problems()).isEmpty();
    return new PlanCompiler(parsed, null, mesh, name -> null);
  }

  private static boolean passes(Call call) {
    boolean passes = call.admit() == null;
    if (passes) {
      call.end(Code.OK, null);
    }
    return passes;
  }

  private int passed(CallPlan plan, String caller, int offered) {
    int passed = 0;
    for (int i = 0; i < offered; i++) {
      passed += passes(mesh.callBy(plan, List.of(), caller)) ? 1 : 0;
    }
    return passed;
  }

  @Test
  void each_caller_has_the_rate_and_those_without_a_name_share_one() {
    CallPlan plan =
        compiler(TEN + "server.rate-limit.key=caller").plan(Side.SERVER, "a.B/C", MethodKind.UNARY);

    assertThat(passed(plan, "shop", 20)).isEqualTo(10);
    assertThat(passed(plan, "batch", 20)).isEqualTo(10);
    assertThat(passed(plan, null, 20)).isEqualTo(10);
    mesh.pass(Duration.ofMillis(500));
    assertThat(passed(plan, "shop", 20)).isEqualTo(5);
    assertThat(((Refusal) mesh.callBy(plan, List.of(), "shop").admit()).description())
        .isEqualTo("mesh-agent: more than 10/s calls of one caller (server.rate-limit.rate)");
  }

  @Test
  void who_says_another_s_name_does_not_take_from_who_has_proven_it() {
    CallPlan plan =
        compiler(TEN + "server.rate-limit.key=caller").plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    assertThat(passed(plan, "shop", 20)).isEqualTo(10);
    assertThat(passes(mesh.callBy(plan, List.of("shop"), "batch"))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void each_value_of_a_header_has_the_rate(Side side) {
    String word = side == Side.CLIENT ? "client" : "server";
    CallPlan plan =
        compiler(TEN.replace("server", word) + word + ".rate-limit.key=header:x-user")
            .plan(side, "a.B/C", MethodKind.UNARY);
    for (String user : new String[] {"alice", "bob", "b".repeat(5_000), "c".repeat(5_000)}) {
      int passed = 0;
      for (int i = 0; i < 15; i++) {
        passed += passes(mesh.callBy(plan, List.of(), null, "x-user", user)) ? 1 : 0;
      }
      assertThat(passed).isEqualTo(10);
    }
    Refusal refusal =
        (Refusal) mesh.callBy(plan, List.of(), null, "x-user", "b".repeat(5_000)).admit();
    assertThat(refusal.description())
        .as("what is in the header is nobody else's business")
        .contains("10/s calls with one value of x-user")
        .doesNotContain("bbb");
  }

  @Test
  void of_very_many_callers_those_that_called_last_are_remembered() {
    PlanCompiler compiler = compiler(TEN + "server.rate-limit.key=caller");
    CallPlan plan = compiler.plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    assertThat(passed(plan, "often", 20)).isEqualTo(10);
    assertThat(passed(plan, "once", 20)).isEqualTo(10);

    for (int i = 0; i < 100_000; i++) {
      assertThat(passed(plan, "other" + i, 1)).isOne();
      if (i % 100 == 0) {
        assertThat(passed(plan, "often", 1)).isZero();
      }
    }

    assertThat(TestPolicies.buckets(compiler).all().get(0).keys())
        .isCloseTo(KeyedBuckets.MOST, within(500))
        .isLessThanOrEqualTo(KeyedBuckets.MOST);
    assertThat(passed(plan, "once", 20)).as("begins anew").isEqualTo(10);
    assertThat(TestPolicies.buckets(compiler).facts())
        .asString()
        .contains("server.rate-limit.rate=10/s, at once 10, for each caller: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"callers", "header:", "header:X-User", "header:a-bin", "header:a b", ""})
  void says_what_is_no_key(String text) {
    Settings parsed = TestSettings.loadText("test", "server.rate-limit.key=" + text);
    assertThat(parsed.problems()).singleElement().asString().contains("header:NAME");
  }

  @Test
  void a_client_is_no_caller_of_its_own() {
    assertThat(TestSettings.loadText("test", "client.rate-limit.key=caller").problems())
        .singleElement()
        .asString()
        .contains("none or header:NAME");
  }
}
