package io.meshagent.core.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.telemetry.metrics.CallCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each policy of a server would do with a call is told before anybody makes it. */
class ServedMethodTest {

  private static final String SERVICE = "a.B";
  private static final String METHOD = SERVICE + "/C";

  private final TestAgent mesh = new TestAgent();
  private final List<String> remarks = new ArrayList<>();
  private final Causes causes = new Causes();
  private PlanCompiler plans;

  /** What is said of a call by these settings, which stand in lines of a file. */
  private Map<String, Object> said(String text, Map<String, String> headers, CallCounts counts) {
    Settings settings = settings(text);
    if (plans == null) {
      plans = compiler(settings);
    }
    return new ServedMethod(new AskedCall(METHOD, headers), settings, plans, causes, remarks)
        .facts(List.of(), Map.of(METHOD, counts));
  }

  private Map<String, Object> said(String text) {
    return said(text, Map.of(), new CallCounts(0, 0, Map.of()));
  }

  private static Settings settings(String text) {
    Settings settings = TestSettings.loadText("mesh.properties", text);
    assertThat(settings.problems()).isEmpty();
    return settings;
  }

  private PlanCompiler compiler(Settings settings) {
    return new PlanCompiler(settings, null, mesh, unused -> null);
  }

  private List<Object> causes() {
    List<Object> sentences = new ArrayList<>();
    causes.rows().forEach(row -> sentences.add(row.get("cause")));
    return sentences;
  }

  private static Map<?, ?> decision(Map<String, Object> said, String policy) {
    return ((List<?>) said.get("decisions"))
        .stream()
            .map(row -> (Map<?, ?>) row)
            .filter(row -> row.get("policy").equals(policy))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void without_a_setting_nothing_decides_and_the_defaults_are_named() {
    Map<String, Object> said = said("");

    assertThat((List<?>) said.get("decisions")).isEmpty();
    assertThat(said.get("decided by")).isNull();
    assertThat((Map<?, ?>) said.get("defaults"))
        .extracting(defaults -> defaults.get("server.shed"))
        .isEqualTo("false");
    assertThat(causes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          enforce | shop        | goes on | lets shop in ('allow shop')
          enforce | shop;agent  | goes on | lets shop in ('allow shop')
          enforce | batch       | refused | refuses batch, PERMISSION_DENIED (no clause speaks of it)
          report  | batch       | goes on | reports batch and lets it in, since server.access.mode
          enforce |             | depends | a call without a name or a certificate is refused
          report  |             | depends | a call without a name or a certificate is reported
          """)
  void a_caller_is_told_whether_it_may_call(String mode, String caller, String then, String says) {
    Map<String, Object> said =
        said(
            "server.access@a.B=allow shop\nserver.access.mode=" + mode,
            caller == null ? Map.of() : Map.of("mesh-caller", caller),
            new CallCounts(7, 0, Map.of("access", 3L)));

    Map<?, ?> access = decision(said, "access");
    assertThat(access.get("then")).isEqualTo(then);
    assertThat((String) access.get("says")).contains(says);
    assertThat(access.get("setting")).isEqualTo("server.access@a.B");
    assertThat(access.get("value")).isEqualTo("allow shop");
    assertThat(access.get("from")).isEqualTo("mesh.properties:1");
    String refused = "3 calls of a.B/C were refused here by access since the start";
    if (then.equals("refused")) {
      assertThat(said.get("decided by")).isEqualTo("access");
      assertThat(causes())
          .containsExactly(
              "Such a call is refused here: access refuses batch, PERMISSION_DENIED (no clause"
                  + " speaks of it), by server.access@a.B=allow shop (mesh.properties:1).",
              refused + ", by server.access@a.B=allow shop (mesh.properties:1).");
    } else if (then.equals("goes on")) {
      assertThat(causes()).isEmpty();
      assertThat(remarks).containsExactly(refused + "; such a call is none of them.");
    } else {
      assertThat(causes()).singleElement().asString().startsWith(refused);
    }
  }

  @Test
  void a_limit_that_is_used_up_is_told_and_asking_takes_nothing_from_it() {
    String text =
        """
        server.rate-limit.rate@a.*=2/m
        server.rate-limit.burst=2
        server.concurrency.limit@a.B/C=1
        """;
    plans = compiler(settings(text));
    for (int i = 0; i < 5; i++) {
      assertThat(decision(said(text), "rate-limit").get("then")).isEqualTo("goes on");
    }
    CallPlan plan = plans.plan(Side.SERVER, METHOD, MethodKind.UNARY);
    Call first = mesh.call(plan);
    assertThat(first.admit()).isNull();

    Map<String, Object> busy = said(text);
    assertThat(decision(busy, "rate-limit").get("says"))
        .isEqualTo("lets 2/m calls through, 2 at once; now 1");
    assertThat(decision(busy, "concurrency").get("then")).isEqualTo("refused");
    assertThat(busy.get("decided by")).isEqualTo("concurrency");
    first.end(Code.OK, null);
    Call second = mesh.call(plan);
    assertThat(second.admit()).isNull();
    second.end(Code.OK, null);

    Map<String, Object> used = said(text);
    assertThat(used.get("decided by")).isEqualTo("rate-limit");
    assertThat(decision(used, "concurrency").get("then")).isEqualTo("goes on");
    assertThat(causes())
        .contains(
            "Such a call is refused here: rate-limit lets 2/m calls through, 2 at once; now none:"
                + " RESOURCE_EXHAUSTED, by server.rate-limit.rate@a.*=2/m (mesh.properties:1).");
  }

  @Test
  void a_limit_for_each_caller_is_told_of_the_one_that_is_named() {
    String text = "server.rate-limit.rate=1/m\nserver.rate-limit.key=header:x-user\n";
    plans = compiler(settings(text));
    CallPlan plan = plans.plan(Side.SERVER, METHOD, MethodKind.UNARY);
    assertThat(mesh.callBy(plan, List.of(), null, "x-user", "ann").admit()).isNull();
    CallCounts none = new CallCounts(1, 0, Map.of());

    assertThat(said(text, Map.of("x-user", "ann"), none).get("decided by")).isEqualTo("rate-limit");
    assertThat(said(text, Map.of("x-user", "bob"), none).get("decided by")).isNull();
  }

  @Test
  void a_queue_a_fault_and_shedding_say_what_becomes_of_calls() {
    String text =
        """
        server.concurrency.limit=1
        server.concurrency.queue=5
        server.shed=true
        server.fault@a.B/C=delay 200ms 10%
        """;
    plans = compiler(settings(text));
    Call first = mesh.call(plans.plan(Side.SERVER, METHOD, MethodKind.UNARY));
    first.admit();

    Map<String, Object> said = said(text);
    assertThat(
            ((List<?>) said.get("decisions")).stream().map(row -> ((Map<?, ?>) row).get("policy")))
        .as("in the order in which a call passes them")
        .isEqualTo(List.of("fault", "shed", "concurrency"));
    assertThat(decision(said, "concurrency").get("then")).isEqualTo("waits");
    assertThat((String) decision(said, "shed").get("says")).contains("CPU is at 80 % or more");
    assertThat(causes())
        .contains(
            "Such a call may suffer here: fault injects faults into a share of the calls: delay"
                + " 200ms 10%, by server.fault@a.B/C=delay 200ms 10% (mesh.properties:4).");
    assertThat(decision(said(text + "faults=off\n"), "fault").get("then")).isEqualTo("goes on");
  }

  @Test
  void what_is_not_governed_is_said_to_be_so() {
    String text = "server.access=deny *\nserver.access.mode=enforce\n";
    CallCounts before = new CallCounts(9, 0, Map.of("access", 1L));
    Map<String, Object> off = said(text + "governance=off\n", Map.of(), before);
    assertThat((List<?>) off.get("decisions")).isEmpty();
    assertThat(remarks)
        .containsExactly(
            "governance=off: no policy does anything to calls that are served here.",
            "1 call of a.B/C was refused here by access since the start; by the settings of now it"
                + " refuses none.");

    Map<String, Object> observed =
        said(text + "governance=observe\n", Map.of("mesh-caller", "shop"), before);
    assertThat(decision(observed, "access").get("then")).isEqualTo("refused");
    assertThat(remarks).anyMatch(each -> each.startsWith("governance=observe: what policies"));
    assertThat(causes()).isEmpty();
  }
}
