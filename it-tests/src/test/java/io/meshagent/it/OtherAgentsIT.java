package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Classpaths;
import io.meshagent.it.harness.EtcdServer;
import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.OtlpReceiver;
import io.meshagent.it.harness.OtlpReceiver.Received;
import io.meshagent.it.harness.World;
import io.meshagent.it.programs.ChainCell;
import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Thorough;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Other agents in the same JVM, before ours and after it. Both work as they do alone: calls find
 * their servers, a chain is one trace with one header, and neither touches what is the other's.
 */
@Thorough
class OtherAgentsIT {

  private static final String NEW_OTEL = "2.33.1";
  private static final String OLD_OTEL = "1.33.6";
  private static final String TRACEPARENT = " traceparent=";

  private static final EtcdServer ETCD = EtcdServer.shared();
  @AutoClose private final OtlpReceiver collector = OtlpReceiver.start();
  @AutoClose private final World world = World.on(ETCD);

  @ParameterizedTest(name = "OpenTelemetry {0}, before ours: {1}, gRPC {2} on Java {3}")
  @CsvSource({
    NEW_OTEL + ",true,1.45.4,17",
    NEW_OTEL + ",false,1.85.1,25",
    OLD_OTEL + ",false,1.45.4,8",
    OLD_OTEL + ",true,1.85.1,17"
  })
  void opentelemetry_and_ours_tell_one_trace(String version, boolean before, String grpc, int jdk) {
    Jvm cell =
        otel(chain(grpc, jdk), version, before)
            .mesh("tracing.otlp.endpoint", collector.endpoint())
            .start();
    awaitRegistered(cell);
    assertThat(cell.ask("unary")).isEqualTo("back");
    checkHeaders(cell, "SayHello", 1);
    assertThat(cell.ask("stream")).isEqualTo("[back] x 3");
    checkHeaders(cell, "Chat", 1);
    List<Received> spans =
        await("both agents' spans of two calls")
            .atMost(Duration.ofSeconds(60))
            .until(() -> spansOfTheChain(), all -> all.size() == 16);
    checkTrace(spans, "SayHello");
    checkTrace(spans, "Chat");
    checkCounted(cell);
    quit(cell);
    assertThat(collector.spans())
        .as("neither traces what the other does for itself")
        .allMatch(span -> span.name().startsWith("chain."));
    checkSaid(cell, "[otel.javaagent ", "Sharing is only supported for boot loader classes");
  }

  /** Without a collector of ours: what the other agent sends arrives as it does without us. */
  @Test
  void opentelemetry_alone_traces_through_ours() {
    Jvm cell = otel(chain("1.85.1", 17), NEW_OTEL, true).start();
    awaitRegistered(cell);
    assertThat(cell.ask("unary")).isEqualTo("back");
    checkHeaders(cell, "SayHello", 1);
    List<Received> spans =
        await("four spans")
            .atMost(Duration.ofSeconds(60))
            .until(() -> spansOfTheChain(), all -> all.size() == 4);
    assertThat(spans).extracting(Received::service).containsOnly("otel");
    assertThat(spans).extracting(Received::trace).containsOnly(spans.get(0).trace());
    quit(cell);
  }

  @ParameterizedTest(name = "before ours: {0}")
  @ValueSource(booleans = {true, false})
  void jacoco_covers_the_program_and_nothing_of_ours(boolean before) throws IOException {
    Path file = Places.newDirectory("jacoco").resolve("jacoco.exec");
    Path jar = jar("org.jacoco:org.jacoco.agent:0.8.15:runtime");
    Jvm cell =
        chain(before ? "1.45.4" : "1.85.1", before ? 8 : 25)
            .otherAgent(jar, "=destfile=" + file + ",excludes=io.meshagent.bootstrap.*", before)
            .start();
    awaitRegistered(cell);
    assertThat(cell.ask("unary")).isEqualTo("back");
    checkCounted(cell, 1);
    quit(cell);
    String covered = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertThat(covered)
        .contains("io/meshagent/it/programs/ChainCell")
        .contains("io/grpc/internal/ManagedChannelImpl")
        .doesNotContain("io/meshagent/core", "io/meshagent/grpc", "io/etcd", "io/opentelemetry");
    checkSaid(cell, "Sharing is only supported for boot loader classes");
  }

  /** Its transformer loads classes of our libraries while they are being loaded. */
  @ParameterizedTest(name = "before ours: {0}, gRPC {1} on Java {2}")
  @CsvSource({"true,1.45.4,17", "false,1.45.4,17", "false,1.85.1,8", "true,1.85.1,25"})
  void datadog_and_ours(boolean before, String grpc, int jdk) {
    Jvm cell =
        chain(grpc, jdk)
            .otherAgent(jar("com.datadoghq:dd-java-agent:1.68.1"), "", before)
            .property("dd.service", "dd")
            .property("dd.agent.host", "127.0.0.1")
            .property("dd.trace.startup.logs", "false")
            .property("dd.instrumentation.telemetry.enabled", "false")
            .property("dd.remote_config.enabled", "false")
            .property("dd.jmxfetch.enabled", "false")
            .mesh("tracing.otlp.endpoint", collector.endpoint())
            .start();
    worksWith(cell);
  }

  @ParameterizedTest(name = "before ours: {0}, gRPC {1} on Java {2}")
  @CsvSource({"true,1.45.4,17", "false,1.85.1,8"})
  void elastic_and_ours(boolean before, String grpc, int jdk) {
    Jvm cell =
        chain(grpc, jdk)
            .otherAgent(jar("co.elastic.apm:elastic-apm-agent:1.55.1"), "", before)
            .property("elastic.apm.service_name", "elastic")
            .property("elastic.apm.server_url", "http://127.0.0.1:1")
            .property("elastic.apm.cloud_provider", "NONE")
            .property("elastic.apm.central_config", "false")
            .property("elastic.apm.log_level", "ERROR")
            .mesh("tracing.otlp.endpoint", collector.endpoint())
            .start();
    worksWith(cell);
  }

  /** Calls find their servers, with one header of the kind that both agents know. */
  private void worksWith(Jvm cell) {
    awaitRegistered(cell);
    assertThat(cell.ask("unary")).isEqualTo("back");
    assertOneTraceparent(cell, "SayHello");
    assertThat(cell.ask("stream")).isEqualTo("[back] x 3");
    assertOneTraceparent(cell, "Chat");
    checkCounted(cell);
    assertThat(collector.awaitSpans(8, Duration.ofSeconds(60)))
        .as("of the program's calls and of nothing that the other agent does")
        .hasSize(8)
        .allMatch(span -> span.name().startsWith("chain."));
    quit(cell);
    assertThat(cell.stderr())
        .as(() -> cell.described("stderr"))
        .noneMatch(line -> line.contains("duplicate class definition"))
        .filteredOn(line -> line.contains("[mesh-agent]") && !line.contains(Jvm.CIRCUIT))
        .hasSize(1)
        .allMatch(line -> line.contains(" governs gRPC "));
  }

  private static void assertOneTraceparent(Jvm cell, String method) {
    for (String service : List.of("chain.Front", "chain.Back")) {
      String line = cell.await("headers " + service + "/" + method + " ");
      assertThat(line.split(TRACEPARENT, -1)).as(line).hasSize(2);
    }
  }

  private JvmBuilder chain(String grpc, int jdk) {
    return world.with(grpc, jdk).program("chain", ChainCell.class).mesh("app.name", "mesh");
  }

  private static Path jar(String coordinates) {
    return Path.of(Classpaths.of(coordinates));
  }

  private JvmBuilder otel(JvmBuilder program, String version, boolean before) {
    Path jar = jar("io.opentelemetry.javaagent:opentelemetry-javaagent:" + version);
    return program
        .otherAgent(jar, "", before)
        .property("otel.service.name", "otel")
        .property("otel.exporter.otlp.endpoint", collector.endpoint())
        .property("otel.exporter.otlp.protocol", "grpc")
        .property("otel.traces.exporter", "otlp")
        .property("otel.metrics.exporter", "none")
        .property("otel.logs.exporter", "none")
        .property("otel.bsp.schedule.delay", "100");
  }

  private void awaitRegistered(Jvm cell) {
    int port =
        Integer.parseInt(
            cell.await(line -> line.startsWith("port "), Duration.ofSeconds(90)).substring(5));
    await("registered")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(ETCD.keys().get("/services/"))
                    .as(() -> cell.described("registered"))
                    .containsKey("/services/chain.Front/127.0.0.1:" + port)
                    .containsKey("/services/chain.Back/127.0.0.1:" + port));
    cell.awaitDirectory(2);
  }

  /** What arrived at both servers. */
  private static void checkHeaders(Jvm cell, String method, int traceHeaders) {
    for (String service : List.of("chain.Front", "chain.Back")) {
      String line = cell.await("headers " + service + "/" + method + " ");
      assertThat(line.split(TRACEPARENT, -1)).as(line).hasSize(traceHeaders + 1);
      assertThat(line).doesNotContain(" b3=", " sw8=");
    }
  }

  private List<Received> spansOfTheChain() {
    return collector.spans().stream().filter(span -> span.name().startsWith("chain.")).toList();
  }

  /**
   * The other agent's client span is the one that the header tells of, so everybody's next span is
   * below it: our client's span, which has sent that header, and both servers' spans.
   */
  private static void checkTrace(List<Received> all, String method) {
    List<Received> spans = all.stream().filter(s -> s.name().endsWith("/" + method)).toList();
    Map<String, Received> by = new HashMap<>();
    for (Received span : spans) {
      by.put(span.service() + " " + span.kind().substring(10) + " " + span.name(), span);
    }
    assertThat(spans).extracting(Received::trace).containsOnly(spans.get(0).trace());
    assertThat(by).as("each span once").hasSize(8).hasSameSizeAs(spans);
    String front = "chain.Front/" + method;
    String back = "chain.Back/" + method;
    Received root = by.get("otel CLIENT " + front);
    Received second = by.get("otel CLIENT " + back);
    assertThat(root.parent()).isEmpty();
    assertThat(by.get("mesh CLIENT " + front).parent()).isEqualTo(root.id());
    assertThat(by.get("otel SERVER " + front).parent()).isEqualTo(root.id());
    assertThat(by.get("mesh SERVER " + front).parent()).isEqualTo(root.id());
    assertThat(second.parent()).isEqualTo(by.get("otel SERVER " + front).id());
    assertThat(by.get("mesh CLIENT " + back).parent()).isEqualTo(second.id());
    assertThat(by.get("otel SERVER " + back).parent()).isEqualTo(second.id());
    assertThat(by.get("mesh SERVER " + back).parent()).isEqualTo(second.id());
  }

  private static void checkCounted(Jvm cell) {
    checkCounted(cell, 2);
  }

  /** Every call once, and no call but the program's. */
  private static void checkCounted(Jvm cell, int kinds) {
    await("no call is left over").until(() -> cell.metrics().sum("mesh_calls_in_flight") == 0);
    for (String side : List.of("client", "server")) {
      assertThat(cell.metrics().sum("grpc_" + side + "_call_duration_seconds_count"))
          .as(() -> cell.described(side))
          .isEqualTo(2 * kinds);
    }
  }

  private static void quit(Jvm cell) {
    cell.say("quit");
    assertThat(cell.awaitExit(Duration.ofSeconds(60))).isZero();
    assertThat(cell.stdout()).contains("ended true");
  }

  /** On stderr: our line at start, what the other agent and the VM always say, and no more. */
  private static void checkSaid(Jvm cell, String... usual) {
    assertThat(cell.stderr())
        .as(() -> cell.described("stderr"))
        .filteredOn(line -> List.of(usual).stream().noneMatch(line::contains))
        .filteredOn(line -> !line.isBlank() && !line.startsWith("WARNING: "))
        .filteredOn(line -> !line.contains(Jvm.CIRCUIT))
        .hasSize(1)
        .allMatch(line -> line.contains(" governs gRPC "));
    assertThat(cell.stdout()).allMatch(line -> line.matches("(port|done|headers|ended) .*"));
  }
}
