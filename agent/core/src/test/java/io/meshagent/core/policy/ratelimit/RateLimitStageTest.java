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
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.TestPolicies;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitStageTest {

  private final TestAgent mesh = new TestAgent();

  private PlanCompiler compiler(String settings) {
    var parsed = TestSettings.loadText("test", settings);
    assertThat(parsed.problems()).isEmpty();
    return new PlanCompiler(parsed, null, mesh, name -> null);
  }

  private boolean passes(CallPlan plan) {
    Call call = mesh.call(plan);
    if (call.admit() != null) {
      return false;
    }
    call.end(Code.OK, null);
    return true;
  }

  private int passed(CallPlan plan, int offered, Duration between) {
    int passed = 0;
    for (int i = 0; i < offered; i++) {
      passed += passes(plan) ? 1 : 0;
      mesh.pass(between);
    }
    return passed;
  }

  @ParameterizedTest
  @CsvSource({"CLIENT,client", "SERVER,server"})
  void lets_a_hundred_a_second_through_of_a_thousand(Side side, String word) {
    CallPlan plan = compiler(word + ".rate-limit.rate=100/s").plan(side, "a.B/C", MethodKind.UNARY);

    assertThat(passed(plan, 10_000, Duration.ofMillis(1))).isCloseTo(1_000, within(50));
  }

  @ParameterizedTest
  @CsvSource({
    "30/m, 1000, 300000, 150",
    "1000/h, 10000, 7200000, 2000",
    "1000/s, 20000, 10000, 10000"
  })
  void keeps_any_rate(String rate, int offered, long millis, int expected) {
    CallPlan plan =
        compiler("server.rate-limit.rate=" + rate).plan(Side.SERVER, "a.B/C", MethodKind.UNARY);

    int passed = passed(plan, offered, Duration.ofMillis(millis).dividedBy(offered));

    assertThat(passed).isCloseTo(expected, within(expected / 20));
  }

  @Test
  void a_refusal_names_the_setting_and_tells_the_program_when_to_come_back() {
    CallPlan plan =
        compiler("client.rate-limit.rate@a.B=2/s").plan(Side.CLIENT, "a.B/C", MethodKind.UNARY);
    assertThat(passes(plan)).isTrue();
    mesh.pass(Duration.ofMillis(100));

    Refusal refusal = (Refusal) mesh.call(plan).admit();

    assertThat(refusal.policy()).isEqualTo("rate-limit");
    assertThat(refusal.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(refusal.description())
        .isEqualTo("mesh-agent: more than 2/s calls (client.rate-limit.rate@a.B)");
    assertThat(refusal.pushbackMillis()).isEqualTo(400);
    mesh.pass(Duration.ofMillis(400));
    assertThat(passes(plan)).isTrue();
  }

  @Test
  void other_programs_are_not_told_unless_that_is_asked_for() {
    CallPlan plan =
        compiler("server.rate-limit.rate@a.B=2/s").plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    assertThat(passes(plan)).isTrue();

    assertThat(((Refusal) mesh.call(plan).admit()).pushbackMillis()).isEqualTo(-1);
  }

  @Test
  void who_is_told_is_not_told_the_same_as_all_others() {
    CallPlan plan =
        compiler("server.rate-limit.rate@a.B=2/s\nserver.rate-limit.pushback@a.B=true")
            .plan(Side.SERVER, "a.B/C", MethodKind.UNARY);
    assertThat(passes(plan)).isTrue();
    Set<Long> told = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      told.add(((Refusal) mesh.call(plan).admit()).pushbackMillis());
    }
    assertThat(told).hasSizeGreaterThan(10).allMatch(millis -> millis >= 500 && millis <= 1_000);
  }

  @Test
  void the_bucket_belongs_to_the_selector_it_was_written_for() {
    PlanCompiler compiler =
        compiler(
            """
            client.rate-limit.rate=10/s
            client.rate-limit.rate@a.B=10/s
            client.rate-limit.rate@a.B/Own=10/s
            client.rate-limit.rate@c.*=10/s
            client.rate-limit.rate@free.*=off
            """);
    // A tenth of a second's worth of 10/s is one call.
    assertThat(passes(compiler.plan(Side.CLIENT, "x.Y/M", MethodKind.UNARY))).isTrue();
    assertThat(passes(compiler.plan(Side.CLIENT, "x.Z/M", MethodKind.UNARY))).isFalse();
    assertThat(passes(compiler.plan(Side.CLIENT, "a.B/M", MethodKind.UNARY))).isTrue();
    assertThat(passes(compiler.plan(Side.CLIENT, "a.B/N", MethodKind.UNARY))).isFalse();
    assertThat(passes(compiler.plan(Side.CLIENT, "a.B/Own", MethodKind.UNARY))).isTrue();
    assertThat(passes(compiler.plan(Side.CLIENT, "c.D/M", MethodKind.UNARY))).isTrue();
    assertThat(passes(compiler.plan(Side.CLIENT, "c.E/M", MethodKind.UNARY))).isFalse();
    assertThat(passes(compiler.plan(Side.CLIENT, "free.A/M", MethodKind.UNARY))).isTrue();
    assertThat(passes(compiler.plan(Side.CLIENT, "free.A/M", MethodKind.UNARY))).isTrue();
    assertThat(passes(compiler.plan(Side.SERVER, "x.Y/M", MethodKind.UNARY))).isTrue();
    assertThat(passes(compiler.plan(Side.SERVER, "x.Y/M", MethodKind.UNARY))).isTrue();
    assertThat(TestPolicies.buckets(compiler).all())
        .extracting(RateLimit::name)
        .containsExactly(
            "client.rate-limit.rate",
            "client.rate-limit.rate@a.B",
            "client.rate-limit.rate@a.B/Own",
            "client.rate-limit.rate@c.*");
  }

  @Test
  void the_burst_is_that_of_the_rate_s_selector_or_of_what_covers_it() {
    PlanCompiler compiler =
        compiler(
            """
            server.rate-limit.rate=200/s
            server.rate-limit.rate@a.B=10/s
            server.rate-limit.rate@a.C=10/s
            server.rate-limit.burst@a.*=7
            server.rate-limit.burst@a.C=3
            """);
    compiler.plan(Side.SERVER, "x.Y/M", MethodKind.UNARY);
    compiler.plan(Side.SERVER, "a.B/M", MethodKind.UNARY);
    compiler.plan(Side.SERVER, "a.C/M", MethodKind.UNARY);

    assertThat(TestPolicies.buckets(compiler).all())
        .extracting(RateLimit::burst)
        .containsExactly(20L, 7L, 3L);
    assertThat(TestPolicies.buckets(compiler).all())
        .extracting(RateLimit::available)
        .containsExactly(20L, 7L, 3L);
  }

  @Test
  void the_greatest_rate_and_burst_work() {
    CallPlan plan =
        compiler("client.rate-limit.rate=99999999/s\nclient.rate-limit.burst=100000000")
            .plan(Side.CLIENT, "a.B/C", MethodKind.UNARY);
    assertThat(passed(plan, 1_000, Duration.ZERO)).isEqualTo(1_000);
    mesh.pass(Duration.ofDays(3_000));
    assertThat(passes(plan)).isTrue();
  }
}
