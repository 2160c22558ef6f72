package io.meshagent.core.policy.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.AskedCall;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Response;
import io.meshagent.core.call.ResponseForm;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.call.Wait;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.policy.TestPolicies;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A failure is told as something else, by name, where that was asked for and never otherwise. */
class FallbackStageTest {

  private static final Response MADE = Response.of("made".getBytes(StandardCharsets.UTF_8));
  private static final Set<Code> USUAL =
      EnumSet.of(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED);

  private final TestAgent mesh = new TestAgent();
  private PlanCompiler compiler;
  private CallPlan plan;

  private static Settings settings(String text) {
    Settings parsed = TestSettings.loadText("test", text);
    assertThat(parsed.problems()).isEmpty();
    return parsed;
  }

  private void use(String text) {
    compiler =
        new PlanCompiler(
            settings("client.breaker.enabled=false\n" + text), null, mesh, name -> null);
    plan = compiler.plan(Side.CLIENT, "a.B/C", MethodKind.UNARY);
  }

  private AskedCall call(String request) {
    AskedCall call = new AskedCall(plan, mesh, request);
    call.made = MADE;
    return call;
  }

  private AskedCall ask(String request) {
    return call(request).start();
  }

  private static String text(Outcome outcome) {
    return outcome.answer() == null
        ? outcome.code().toString()
        : AskedCall.text(outcome.answer())
            + " "
            + String.join("=", outcome.answer().headers())
            + " "
            + outcome.code();
  }

  private String counted() {
    return String.valueOf(TestPolicies.fallbacks(compiler).facts().get("fallbacks"));
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void stands_in_for_the_codes_that_it_is_for(Code code) {
    for (String kind : new String[] {"default", "json", "text"}) {
      use("client.fallback@a.B=" + kind + (kind.equals("default") ? "" : ":{}"));
      String told = text(ask("x").finish(Outcome.of(code, "test")));
      assertThat(told)
          .isEqualTo(USUAL.contains(code) ? "made mesh-fallback=" + kind + " OK" : code.toString());
    }
    use("client.fallback=default\nclient.fallback.codes=NOT_FOUND");
    assertThat(text(ask("x").finish(Outcome.of(code, "test"))))
        .isEqualTo(code == Code.NOT_FOUND ? "made mesh-fallback=default OK" : code.toString());
  }

  @Test
  void stands_in_for_what_the_agent_refuses_too() {
    use("client.fallback=default\nclient.rate-limit.rate=1/h");
    ask("x").finish(Outcome.OK);
    assertThat(text(ask("x").outcome())).isEqualTo("made mesh-fallback=default OK");
    use("client.fallback=default\nclient.fault=abort UNAVAILABLE 100%");
    assertThat(text(ask("x").outcome())).isEqualTo("made mesh-fallback=default OK");
    assertThat(counted()).isEqualTo("{a.B/C=default 1, none 0}");
  }

  @Test
  void leaves_the_failure_where_there_is_nothing_to_tell_or_it_is_too_late() {
    use("client.fallback=default");
    AskedCall poor = call("x");
    poor.made = null;
    assertThat(text(poor.start().finish(Outcome.of(Code.UNAVAILABLE, null))))
        .isEqualTo("UNAVAILABLE");
    AskedCall begun = ask("x");
    begun.delivered();
    assertThat(text(begun.finish(Outcome.of(Code.UNAVAILABLE, null)))).isEqualTo("UNAVAILABLE");
    AskedCall given = ask("x");
    assertThat(given.end(Code.CANCELLED, "by the program")).isTrue();
    assertThat(given.outcome().answer()).isNull();
    assertThat(counted()).isEqualTo("{a.B/C=none 1}");
  }

  @Test
  void the_last_good_response_is_that_to_the_same_request_and_no_older_than_a_day() {
    use("client.fallback=last");
    assertThat(text(ask("x").finish(Outcome.of(Code.UNAVAILABLE, null)))).isEqualTo("UNAVAILABLE");
    ask("x").succeed("1");
    ask("x").succeed("2", "x-kept", "yes");
    ask("y").succeed("3");
    Outcome told = ask("x").finish(Outcome.of(Code.UNAVAILABLE, null));
    assertThat(text(told)).isEqualTo("2 mesh-fallback=last OK");
    assertThat(told.answer().response().headers()).containsExactly("x-kept", "yes");
    mesh.pass(Duration.ofHours(24));
    assertThat(text(ask("x").finish(Outcome.of(Code.UNAVAILABLE, null)))).isEqualTo("UNAVAILABLE");
  }

  @Test
  void for_the_last_good_response_it_has_to_be_known_what_a_call_asks_before_it_fails() {
    use("client.fallback=last");
    AskedCall call = call("x");
    call.comesLater = true;
    assertThat(call.start().lastTold()).isSameAs(Wait.FOR_REQUEST);
    assertThat(call.send().isSent()).isTrue();
    call.succeed("1");
    assertThat(text(ask("x").finish(Outcome.of(Code.UNAVAILABLE, null)))).startsWith("1 ");
  }

  @Test
  void the_last_good_response_is_never_that_of_a_call_with_credentials_or_for_one() {
    use("client.fallback=last");
    ask("x").succeed("public");
    AskedCall own = call("x");
    own.headers.put("authorization", "Bearer 1");
    own.start().succeed("mine");
    assertThat(text(ask("x").finish(Outcome.of(Code.UNAVAILABLE, null)))).startsWith("public ");
    AskedCall other = call("x");
    other.headers.put("authorization", "Bearer 2");
    assertThat(text(other.start().finish(Outcome.of(Code.UNAVAILABLE, null))))
        .isEqualTo("UNAVAILABLE");
    AskedCall sent = call("x");
    sent.headers.put("authorization", "Bearer 2");
    sent.start().leaves("authorization", "Bearer 2");
    sent.succeed("mine");
    assertThat(text(ask("x").finish(Outcome.of(Code.UNAVAILABLE, null))))
        .as("it takes nothing from calls without")
        .startsWith("public ");
    AskedCall later = ask("x");
    later.leaves("authorization", "Bearer 3");
    later.succeed("mine");
    assertThat(text(ask("x").finish(Outcome.of(Code.UNAVAILABLE, null)))).isEqualTo("UNAVAILABLE");
  }

  @Test
  void observed_the_failure_stays_and_what_would_be_told_is_counted() {
    use("client.fallback=default\ngovernance=observe");
    assertThat(text(ask("x").finish(Outcome.of(Code.UNAVAILABLE, null)))).isEqualTo("UNAVAILABLE");
    ask("x").finish(Outcome.of(Code.NOT_FOUND, null));
    assertThat(compiler.policies().facts().get("observed"))
        .hasToString("{fallback client answer=1}");
  }

  @Test
  void a_form_stays_the_same_while_it_is_written_so() {
    use("client.fallback@a.B=text:a: 1");
    ResponseForm form = plan.pipeline().makes();
    assertThat(form.kind()).isEqualTo(ResponseForm.Kind.TEXT);
    assertThat(form.setting()).isEqualTo("client.fallback@a.B");
    compiler.recompile(settings("client.fallback@a.B=text:a: 1\nclient.timeout=1s"));
    assertThat(plan.pipeline().makes()).isSameAs(form);
    compiler.recompile(settings("client.fallback@a.B=text:a: 2"));
    assertThat(plan.pipeline().makes().text()).isEqualTo("a: 2");
    compiler.recompile(settings(""));
    assertThat(plan.pipeline().makes()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "off",
        "default",
        "last",
        "json:{\"a\":[1,{\"b\":null}]}",
        "text:a: \"b\" c { d: 1 }"
      })
  void what_is_read_is_written_so_again(String text) {
    var type = FallbackKeys.FALLBACK.type();
    assertThat(type.show(type.parse(text).value())).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "first",
        "json:",
        "json:[]",
        "json:{",
        "json:{\"a\":}",
        "json:{} {}",
        "json:1"
      })
  void what_is_none_is_refused(String text) {
    assertThat(FallbackKeys.FALLBACK.type().parse(text).isProblem()).isTrue();
    assertThat(FallbackKeys.CODES.type().parse("OK").problem()).startsWith("names OK");
    assertThat(FallbackKeys.CODES.type().parse("NOPE").isProblem()).isTrue();
  }

  @Test
  void a_long_one_is_refused_at_once() {
    String deep = "json:" + "{\"a\":".repeat(200_000);
    assertThat(FallbackKeys.FALLBACK.type().parse(deep).problem()).contains("8192");
    assertThat(FallbackKeys.FALLBACK.type().parse("json:" + "{\"a\":".repeat(1_000)).isProblem())
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource(MethodKind.class)
  void stands_in_for_calls_that_have_one_response(MethodKind kind) {
    for (String word : new String[] {"default", "last", "json:{}", "text:"}) {
      use("client.fallback=" + word);
      plan = compiler.plan(Side.CLIENT, "a.B/OfAnyKind", kind);
      boolean isThere = plan.pipeline().makes() != null || plan.pipeline().readsMessages();
      assertThat(isThere)
          .as("%s for %s", word, kind)
          .isEqualTo(kind.hasOneResponse() && (kind.hasOneRequest() || !word.equals("last")));
    }
  }
}
