package io.meshagent.core.telemetry.metrics;

import static java.util.Collections.emptyList;
import static java.util.Collections.singletonList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.AttemptMeter;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Traced;
import io.meshagent.core.telemetry.trace.TestCall;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private static final String HELLO = "helloworld.Greeter/SayHello";

  private final Metrics metrics = new Metrics("1.2.3");

  @Test
  void counts_and_times_a_call_by_method_and_status() throws IOException {
    TestCall call = TestCall.of(Side.CLIENT, HELLO, metrics.stage(Side.CLIENT, HELLO)).admitted();
    call.takes(3_000_000);
    call.end(Code.UNAVAILABLE, null);

    assertThat(page())
        .contains(
            "grpc_client_call_started_total{grpc_method=\"" + HELLO + "\",} 1.0",
            bucket("client", "UNAVAILABLE", "0.001") + " 0.0",
            bucket("client", "UNAVAILABLE", "0.005") + " 1.0",
            bucket("client", "UNAVAILABLE", "+Inf") + " 1.0",
            "grpc_client_call_duration_seconds_sum{grpc_method=\""
                + HELLO
                + "\",grpc_status=\"UNAVAILABLE\",} 0.003")
        .noneMatch(line -> line.startsWith("grpc_server_call_started_total{"));
  }

  @Test
  void keeps_the_sides_apart() throws IOException {
    TestCall.of(Side.SERVER, HELLO, metrics.stage(Side.SERVER, HELLO))
        .admitted()
        .end(Code.OK, null);

    assertThat(page())
        .contains(
            "grpc_server_call_started_total{grpc_method=\"" + HELLO + "\",} 1.0",
            bucket("server", "OK", "0.001") + " 1.0")
        .noneMatch(line -> line.startsWith("grpc_client_call_started_total{"));
  }

  @Test
  void shows_calls_in_flight_until_they_end_once() throws IOException {
    String inFlight = "mesh_calls_in_flight{side=\"server\",grpc_method=\"" + HELLO + "\",}";
    TestCall call = TestCall.of(Side.SERVER, HELLO, metrics.stage(Side.SERVER, HELLO)).admitted();

    assertThat(page()).contains(inFlight + " 1.0");
    call.end(Code.CANCELLED, null);
    call.end(Code.OK, null);
    assertThat(page()).contains(inFlight + " 0.0");
  }

  @Test
  void counts_refusals_by_policy_and_lets_go_of_the_call() throws IOException {
    Refusal refusal = Refusal.of("rate-limit", Code.RESOURCE_EXHAUSTED, "rate limit: enough");
    Stage refusing = new Refusing(refusal);

    TestCall.of(Side.CLIENT, HELLO, metrics.stage(Side.CLIENT, HELLO), refusing).admit();

    assertThat(page())
        .contains(
            "mesh_refusals_total{side=\"client\",grpc_method=\""
                + HELLO
                + "\",policy=\"rate-limit\",} 1.0",
            "mesh_calls_in_flight{side=\"client\",grpc_method=\"" + HELLO + "\",} 0.0",
            bucket("client", "RESOURCE_EXHAUSTED", "+Inf") + " 1.0");
  }

  @Test
  void takes_every_code() throws IOException {
    for (Code code : Code.values()) {
      TestCall.of(Side.CLIENT, HELLO, metrics.stage(Side.CLIENT, HELLO)).admitted().end(code, null);
    }

    assertThat(page())
        .filteredOn(line -> line.startsWith("grpc_client_call_duration_seconds_count{"))
        .hasSize(Code.values().length);
  }

  @Test
  void has_one_stage_for_a_method() {
    assertThat(metrics.stage(Side.CLIENT, HELLO)).isSameAs(metrics.stage(Side.CLIENT, HELLO));
  }

  @Test
  void calls_methods_beyond_a_bound_other() throws IOException {
    for (int i = 0; i < 2_150; i++) {
      String method = "a.Service/Method" + i;
      TestCall.of(Side.SERVER, method, metrics.stage(Side.SERVER, method))
          .admitted()
          .end(Code.OK, null);
    }

    assertThat(page())
        .contains("grpc_server_call_started_total{grpc_method=\"other\",} 50.0")
        .filteredOn(line -> line.startsWith("grpc_server_call_started_total{"))
        .hasSize(2_101);
  }

  @Test
  void lets_go_of_a_method_and_forgets_none_of_its_calls() throws IOException {
    Refusal refusal = Refusal.of("rate-limit", Code.RESOURCE_EXHAUSTED, "rate limit: enough");
    Stage stage = metrics.stage(Side.SERVER, HELLO);
    TestCall.of(Side.SERVER, HELLO, stage, new Refusing(refusal)).admit();
    TestCall.of(Side.SERVER, HELLO, stage).admitted().end(Code.OK, null);

    metrics.letGo(Side.SERVER, HELLO);
    metrics.letGo(Side.SERVER, "a.Service/Unknown");

    assertThat(page()).noneMatch(line -> line.contains(HELLO));
    assertThat(metrics.serverCallsBegun()).isEqualTo(2);
    assertThat(metrics.stage(Side.SERVER, HELLO)).isNotSameAs(stage);
    TestCall.of(Side.SERVER, HELLO, metrics.stage(Side.SERVER, HELLO)).admitted();
    assertThat(metrics.serverCallsBegun()).isEqualTo(3);
    assertThat(page())
        .contains("grpc_server_call_started_total{grpc_method=\"" + HELLO + "\",} 1.0");
  }

  @Test
  void reads_views_when_the_page_is_written() throws IOException {
    double[] value = {1};
    metrics.gauge("a_gauge", "A gauge.", List.of("who"), to -> to.add(value[0], "me \"too\"\n"));
    metrics.counter("things_total", "Things.", emptyList(), to -> to.add(value[0]));
    value[0] = 7;

    assertThat(page())
        .contains(
            "# TYPE a_gauge gauge",
            "a_gauge{who=\"me \\\"too\\\"\\n\",} 7.0",
            "# HELP things_total Things.",
            "# TYPE things_total counter",
            "things_total 7.0");
  }

  @Test
  void leaves_out_and_counts_a_view_that_throws() throws IOException {
    metrics.gauge(
        "a_gauge",
        "A gauge.",
        singletonList("who"),
        to -> {
          to.add(1, "me");
          throw new IllegalStateException("not now");
        });

    assertThat(page())
        .contains("mesh_agent_failures_total{place=\"metric a_gauge\",} 1.0")
        .noneMatch(line -> line.startsWith("a_gauge{"));
  }

  @Test
  void refuses_names_that_prometheus_would_not_like() {
    assertThatThrownBy(() -> metrics.counter("things", "Things.", emptyList(), to -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> metrics.gauge("things_total", "Things.", emptyList(), to -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    metrics.gauge("things", "Things.", emptyList(), to -> {});
    assertThatThrownBy(() -> metrics.gauge("things", "Things.", emptyList(), to -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tells_of_the_agent_and_counts_its_failures_within_bounds() throws IOException {
    for (int i = 0; i < 250; i++) {
      metrics.failed("place " + i);
    }

    assertThat(page())
        .contains(
            "mesh_agent_info{version=\"1.2.3\",} 1.0",
            "mesh_agent_failures_total{place=\"place 199\",} 1.0",
            "mesh_agent_failures_total{place=\"other\",} 50.0")
        .noneMatch(line -> line.contains("_created"));
  }

  @Test
  void names_of_methods_are_no_places_of_failures() throws IOException {
    for (int i = 0; i < 250; i++) {
      metrics.failed("stage RateLimitStage of made.Up/Name" + i);
    }
    metrics.failed("new call");

    assertThat(page())
        .contains(
            "mesh_agent_failures_total{place=\"stage RateLimitStage\",} 250.0",
            "mesh_agent_failures_total{place=\"new call\",} 1.0");
  }

  @Test
  void writes_openmetrics_to_who_asks_for_it_with_a_recorded_trace_as_an_example()
      throws IOException {
    Traced traced = () -> "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    Traced second = () -> "00-11111111111111111111111111111111-2222222222222222-01";
    Traced unrecorded = () -> "00-33333333333333333333333333333333-2222222222222222-00";
    for (Traced each : List.of(unrecorded, traced, second)) {
      TestCall call = TestCall.of(Side.SERVER, HELLO, metrics.stage(Side.SERVER, HELLO)).admitted();
      call.traceContext = each;
      call.takes(3_000_000);
      call.end(Code.OK, null);
    }

    StringWriter text = new StringWriter();
    String type = metrics.write("application/openmetrics-text;version=1.0.0,text/plain", text);
    assertThat(type).startsWith("application/openmetrics-text");
    List<String> page = text.toString().lines().collect(Collectors.toList());
    assertThat(page)
        .endsWith("# EOF")
        .contains(
            "# TYPE grpc_server_call_started counter",
            "grpc_server_call_started_total{grpc_method=\"" + HELLO + "\"} 3.0")
        .noneMatch(line -> line.contains("_created"));
    // The second of them comes at the same moment, and would only be made for nobody.
    assertThat(page)
        .filteredOn(line -> line.contains("trace_id"))
        .singleElement()
        .asString()
        .startsWith("grpc_server_call_duration_seconds_bucket{")
        .contains(
            "le=\"0.005\"} 3.0 # {span_id=\"00f067aa0ba902b7\","
                + "trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\"} 0.003");
    assertThat(page()).noneMatch(line -> line.contains("trace_id"));
  }

  @Test
  void measures_attempts_of_a_method_until_it_is_let_go() throws IOException {
    Metrics measuring = new Metrics("1", true);
    AttemptMeter meter = measuring.stage(Side.CLIENT, HELLO).meter();
    assertThat(meter.measuresEach()).isTrue();
    assertThat(metrics.stage(Side.CLIENT, HELLO).meter().measuresEach()).isFalse();
    AttemptMeter served = measuring.stage(Side.SERVER, HELLO).meter();
    assertThat(metrics.stage(Side.SERVER, "a.B/C").meter()).isNull();
    served.ended(Code.OK, 0, 7, 3_000);
    meter.began();
    meter.ended(Code.OK, 3_000_000, 2_000, 0);
    meter.repeated(2, 0, 0);

    String method = "{grpc_method=\"" + HELLO + "\",";
    String ok = method + "grpc_status=\"OK\",";
    String bytes = "_total_compressed_message_size_bytes";
    StringWriter page = new StringWriter();
    measuring.write(page);
    assertThat(page.toString().lines())
        .contains(
            "grpc_client_attempt_started_total" + method + "} 1.0",
            "grpc_client_attempt_duration_seconds_bucket" + ok + "le=\"0.005\",} 1.0",
            "grpc_client_attempt_sent" + bytes + "_bucket" + ok + "le=\"1024.0\",} 0.0",
            "grpc_client_attempt_sent" + bytes + "_sum" + ok + "} 2000.0",
            "grpc_client_attempt_rcvd" + bytes + "_sum" + ok + "} 0.0",
            "grpc_server_call_sent" + bytes + "_sum" + ok + "} 7.0",
            "grpc_server_call_rcvd" + bytes + "_bucket" + ok + "le=\"1024.0\",} 0.0",
            "grpc_server_call_rcvd" + bytes + "_sum" + ok + "} 3000.0",
            "grpc_client_call_retries_sum" + method + "} 2.0")
        .noneMatch(line -> line.startsWith("grpc_client_call_hedges_count"));
    measuring.letGo(Side.CLIENT, HELLO);
    measuring.letGo(Side.SERVER, HELLO);
    StringWriter after = new StringWriter();
    measuring.write(after);
    assertThat(after.toString()).doesNotContain(HELLO);
  }

  @Test
  void tells_of_the_jvm() throws IOException {
    new JvmMetrics(metrics).add();

    List<String> page = page();
    for (String each :
        List.of(
            "jvm_memory_used_bytes{area=\"heap\",}",
            "jvm_memory_used_bytes{area=\"nonheap\",}",
            "jvm_memory_max_bytes{area=\"heap\",}",
            "jvm_threads_current",
            "jvm_threads_daemon",
            "process_cpu_seconds_total",
            "process_start_time_seconds")) {
      assertThat(page)
          .as(each)
          .filteredOn(line -> line.startsWith(each + " "))
          .singleElement()
          .asString()
          .satisfies(
              line ->
                  assertThat(Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                      .isPositive());
    }
    assertThat(page)
        .anyMatch(line -> line.startsWith("jvm_gc_collection_seconds_count{gc="))
        .anyMatch(line -> line.startsWith("jvm_gc_collection_seconds_sum{gc="))
        .anyMatch(line -> line.startsWith("jvm_runtime_info{version="))
        .noneMatch(line -> line.startsWith("mesh_agent_failures_total{"));
  }

  private List<String> page() throws IOException {
    StringWriter text = new StringWriter();
    metrics.write(text);
    return text.toString().lines().collect(Collectors.toList());
  }

  private static String bucket(String side, String status, String bound) {
    return "grpc_"
        + side
        + "_call_duration_seconds_bucket{grpc_method=\""
        + HELLO
        + "\",grpc_status=\""
        + status
        + "\",le=\""
        + bound
        + "\",}";
  }

  private static final class Refusing implements Stage {
    private final Refusal refusal;

    Refusing(Refusal refusal) {
      this.refusal = refusal;
    }

    @Override
    public Refusal enter(Call call) {
      return refusal;
    }

    @Override
    public void leave(Call call) {
      throw new AssertionError("it was not entered");
    }
  }
}
