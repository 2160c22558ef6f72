package io.meshagent.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.MethodKind;
import io.meshagent.core.call.TestAgent;
import io.meshagent.core.config.TestSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.telemetry.metrics.Metrics;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TelemetryTest {

  private final TestAgent mesh = new TestAgent();
  private final Metrics metrics = new Metrics("1");
  private final Telemetry telemetry = new Telemetry(metrics, null, null);
  private final PlanCompiler plans =
      new PlanCompiler(TestSettings.defaults(), null, mesh, name -> null);

  @Test
  void shows_one_for_the_state_that_a_breaker_is_in() throws IOException {
    plans.policies().show(telemetry);
    CallPlan plan = plans.plan(Side.CLIENT, "a.B/C", MethodKind.UNARY);
    assertState("closed");
    assertThat(plans.policies().facts()).isEqualTo(Map.of("breakers", Map.of("a.B/C", "CLOSED")));

    for (int i = 0; i < 20; i++) {
      Call call = mesh.call(plan);
      call.admit();
      call.end(Code.UNAVAILABLE, null);
    }
    assertState("open");

    mesh.pass(Duration.ofSeconds(10));
    Call probe = mesh.call(plan);
    probe.admit();
    assertState("half_open");
  }

  @Test
  void what_only_grows_is_a_counter() throws IOException {
    telemetry.counter(
        "mesh_things_total", "Things.", List.of("kind"), values -> values.add(3, "odd"));

    assertThat(page())
        .contains("# TYPE mesh_things_total counter", "mesh_things_total{kind=\"odd\",} 3.0");
  }

  private void assertState(String state) throws IOException {
    for (String each : List.of("closed", "open", "half_open")) {
      String sample = "mesh_breaker_state{grpc_method=\"a.B/C\",state=\"" + each + "\",} ";
      assertThat(page()).contains(sample + (each.equals(state) ? "1.0" : "0.0"));
    }
  }

  private List<String> page() throws IOException {
    StringWriter page = new StringWriter();
    metrics.write(page);
    return page.toString().lines().toList();
  }
}
