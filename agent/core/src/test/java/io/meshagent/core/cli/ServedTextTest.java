package io.meshagent.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.directory.Directory;
import io.meshagent.core.explain.AskedCall;
import io.meshagent.core.explain.ExplainedServer;
import io.meshagent.core.explain.Explanation;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.run.ManualLoop;
import io.meshagent.core.telemetry.metrics.CallCounts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What a program says of the calls that it serves, as it is printed for people. */
class ServedTextTest {

  private static final String METHOD = "a.B/C";

  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  private final TestAgent mesh = new TestAgent();
  private final Settings settings =
      TestSettings.loadText(
          "mesh.properties",
          """
          app.name=guarded
          server.access@a.B=allow shop
          server.access=allow *
          server.access.mode=enforce
          """);
  private final PlanCompiler plans = new PlanCompiler(settings, null, mesh, unused -> null);
  private final Directory directory = new Directory(1, 1, new ManualLoop(), 0, null);
  private final Explanation explanation =
      new Explanation(
          new CurrentSettings(settings),
          directory.view(),
          plans,
          (call, known) -> List.of(),
          new Serving(),
          List::of,
          "a list");

  private static final class Serving implements Explanation.Servers {
    @Override
    public List<ExplainedServer> serving(AskedCall call) {
      return call.service().equals("a.B")
          ? List.of(
              new ExplainedServer(
                  List.of("0.0.0.0:5000"), "http", true, false, "10.0.0.7:5000", "published"))
          : List.of();
    }

    @Override
    public String registration() {
      return null;
    }

    @Override
    public Map<String, CallCounts> counts(Predicate<String> methods) {
      return methods.test(METHOD)
          ? Map.of(METHOD, new CallCounts(9, 1, Map.of("access", 4L)))
          : Map.of();
    }
  }

  private String said(String query) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Map<String, Object> facts = explanation.of(AskedCall.of(query));
    new ExplanationText(new PrintStream(out, true, StandardCharsets.UTF_8))
        .print(GSON.toJsonTree(facts).getAsJsonObject());
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void a_method_that_is_only_served_is_told_without_channels() {
    plans.hosts(List.of(METHOD));
    assertThat(said("method=" + METHOD + "&header=mesh-caller%3Dbatch"))
        .startsWith(
            """
            a.B/C, as guarded serves it (governance on, default)
            ! Such a call is refused here: access refuses batch, PERMISSION_DENIED (no clause speaks of it), by server.access@a.B=allow shop (mesh.properties:2).
            ! 4 calls of a.B/C were refused here by access since the start, by server.access@a.B=allow shop (mesh.properties:2).

            Served here
              on 0.0.0.0:5000 (http): registered as 10.0.0.7:5000
              a.B/C: 9 calls since the start, 1 under way, refused 4 by access

            What becomes of such a call, policy by policy
              access refuses batch, PERMISSION_DENIED (no clause speaks of it)
                by server.access@a.B=allow shop  (mesh.properties:2)
              so access stops it, before those that come after it

            Settings of the server that count
              server.access@a.B=allow shop  (mesh.properties:2)
                rather than server.access=allow *  (mesh.properties:3)
              server.access.mode=enforce  (mesh.properties:4)
            """)
        .doesNotContain("channel", "{", "}");
  }

  @Test
  void a_method_that_is_both_called_and_served_is_told_as_both() {
    plans.hosts(List.of(METHOD));
    CallPlan unused = plans.plan(Side.CLIENT, METHOD, MethodKind.UNARY);
    assertThat(said("method=" + METHOD))
        .startsWith("a.B/C, as guarded calls and serves it")
        .contains("The registry (a list) has not told of any instance yet.")
        .contains("This program has none that is in use.", "Settings that count", "Served here");
  }

  @Test
  void a_service_is_told_with_all_its_methods_and_an_unknown_one_with_what_is_near() {
    plans.hosts(List.of(METHOD));
    CallPlan unused = plans.plan(Side.CLIENT, "x.Y/Zed", MethodKind.UNARY);
    assertThat(said("method=a.B")).contains("a.B, as guarded serves it", METHOD + ": 9 calls");
    assertThat(said("method=%20/a.B/%20")).startsWith("a.B, as guarded serves it");
    assertThat(said("method=a.B.C"))
        .contains("- A method is asked for as pkg.Service/Method: did you mean a.B/C?");
    assertThat(said("method=a.B/D"))
        .contains("! No server of this program lists a.B/D", "; it serves a.B/C.");
    assertThat(said("method=q.R/S"))
        .startsWith("q.R/S, as guarded calls it")
        .contains(
            "- This program does not serve q.R/S, nor has it called it yet; it serves a.B/C; it"
                + " calls x.Y/Zed.");
  }
}
