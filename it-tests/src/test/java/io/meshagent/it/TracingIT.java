package io.meshagent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.it.harness.Jvm;
import io.meshagent.it.harness.JvmBuilder;
import io.meshagent.it.harness.OtlpReceiver;
import io.meshagent.it.harness.OtlpReceiver.Received;
import io.meshagent.it.harness.World;
import io.meshagent.it.tools.ring.Thorough;
import io.meshagent.it.tools.ring.ThoroughRows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A chain of programs arrives at a real collector as one trace with the right parents. */
class TracingIT {

  @AutoClose private final OtlpReceiver collector = OtlpReceiver.start();
  @AutoClose private final World world = World.local();

  @ParameterizedTest
  @CsvSource("stream messages=3,Chat")
  @ThoroughRows("calls n=1 deadline=60000,SayHello")
  void a_chain_is_one_trace(String command, String method) {
    String endpoint = collector.endpoint();
    String key = "tracing.otlp.endpoint";
    world.flakyServer("b").mesh("app.name", "b").mesh(key, endpoint).start().awaitPort();
    world.chainServer("a").mesh("app.name", "a").mesh(key, endpoint).start().awaitPort();
    Jvm client = world.loadClient().mesh("app.name", "client").mesh(key, endpoint).start();
    client.awaitInstances(2);
    assertThat(client.load(command + " service=chain.Front").failures()).isZero();

    List<Received> spans =
        await("four spans")
            .atMost(Duration.ofSeconds(30))
            .until(this::spansOfTheChain, received -> received.size() >= 4);
    assertThat(spans).hasSize(4);
    assertThat(spans.stream().map(Received::trace).distinct()).hasSize(1);
    Map<String, Received> byWho =
        spans.stream()
            .collect(
                Collectors.toMap(span -> span.service() + " " + span.kind(), Function.identity()));
    Received clientSpan = byWho.get("client SPAN_KIND_CLIENT");
    Received frontServer = byWho.get("a SPAN_KIND_SERVER");
    Received frontClient = byWho.get("a SPAN_KIND_CLIENT");
    Received back = byWho.get("b SPAN_KIND_SERVER");
    assertThat(clientSpan.parent()).isEmpty();
    assertThat(frontServer.parent()).isEqualTo(clientSpan.id());
    assertThat(frontClient.parent()).isEqualTo(frontServer.id());
    assertThat(back.parent()).isEqualTo(frontClient.id());
    assertThat(clientSpan.name()).isEqualTo("chain.Front/" + method);
    assertThat(back.name()).isEqualTo("helloworld.Greeter/" + method);
  }

  /** What others look at as a call ends is there without a span, too. */
  @Thorough
  @Test
  void calls_that_are_not_sampled_are_counted_and_written_down_like_others() {
    String key = "tracing.otlp.endpoint";
    world.flakyServer("b").mesh(key, collector.endpoint()).mesh("tracing.sampling", "0").start();
    Jvm client =
        world
            .loadClient()
            .mesh(key, collector.endpoint())
            .mesh("tracing.sampling", "0")
            .mesh("access-log", "json")
            .start();
    client.awaitInstances(1);
    assertThat(client.load("calls n=20").ok()).isEqualTo(20);
    String counted = "grpc_client_call_duration_seconds_count";
    assertThat(client.metrics().sum(counted, "grpc_method", "helloworld.Greeter/SayHello"))
        .as(() -> client.described("calls"))
        .isEqualTo(20);
    assertThat(client.metrics().sum("mesh_agent_failures_total"))
        .as(() -> client.described("of ours"))
        .isZero();
  }

  /** gRPC's own plug-in writes its header later than interceptors do. */
  @Thorough
  @ParameterizedTest(name = "with a collector: {0}")
  @ValueSource(booleans = true)
  @ThoroughRows("false")
  void an_attempt_has_one_trace_header_and_it_is_the_programs(boolean exported) {
    Jvm server = world.flakyServer("b", "traces").withoutAgent().start();
    int port = server.awaitPort();
    JvmBuilder program = world.loadClient();
    if (exported) {
      program = program.mesh("tracing.otlp.endpoint", collector.endpoint());
    }
    Jvm client = program.start();
    client.await("ready");
    String calls = "calls n=10 deadline=60000 channel=tracing:localhost:";
    assertThat(client.load(calls + port).ok()).isEqualTo(10);
    await("what the server saw")
        .atMost(Jvm.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(server.stdout())
                    .filteredOn(line -> line.startsWith("traceparents "))
                    .as(() -> server.described("headers"))
                    .hasSize(10)
                    .allMatch(
                        line ->
                            line.startsWith(
                                "traceparents 1 00-11111111111111111111111111111111-")));
  }

  /** Without the call that the harness makes to wake the agent up. */
  private List<Received> spansOfTheChain() {
    return collector.spans().stream().filter(span -> !span.name().startsWith("warm.Up/")).toList();
  }

  @Thorough
  @Test
  void a_collector_that_is_away_costs_no_call() {
    collector.close();
    world.flakyServer("b").start().awaitPort();
    Jvm client = world.loadClient().mesh("tracing.otlp.endpoint", collector.endpoint()).start();
    client.awaitInstances(1);
    assertThat(client.load("calls n=200").ok()).isEqualTo(200);
    await("what was not delivered is counted")
        .atMost(Duration.ofSeconds(60))
        .until(() -> client.metrics().sum("mesh_tracing_spans_dropped_total") > 0);
  }
}
