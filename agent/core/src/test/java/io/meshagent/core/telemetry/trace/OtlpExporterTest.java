package io.meshagent.core.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.config.ServerAddress;
import io.meshagent.core.telemetry.otlp.Collector;
import io.meshagent.it.tools.Ports;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OtlpExporterTest {

  private static final byte[] ALL_TAKEN = {};

  /** partial_success (1) with rejected_spans (1) = 2 and error_message (2) = "no". */
  private static final byte[] SOME_REJECTED = {0x0a, 6, 0x08, 2, 0x12, 2, 'n', 'o'};

  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private SpanTracing tracing;

  @AfterEach
  void close() {
    tracing.close();
  }

  @Test
  void delivers_spans() throws Exception {
    try (TestCollector collector = new TestCollector(0, ALL_TAKEN)) {
      tracing = tracing("http", collector.port());
      call("a.Service/One");
      call("a.Service/Two");

      await().untilAsserted(() -> assertThat(tracing.spansExported()).isEqualTo(2));
      assertThat(collector.names).containsExactlyInAnyOrder("a.Service/One", "a.Service/Two");
      assertThat(warnings).isEmpty();
    }
  }

  @Test
  void sends_what_is_left_when_it_is_closed() throws Exception {
    try (TestCollector collector = new TestCollector(0, ALL_TAKEN)) {
      tracing = tracing("http", collector.port());
      call("a.Service/Last");
      tracing.close();

      assertThat(collector.names).containsExactly("a.Service/Last");
    }
  }

  @Test
  void counts_as_dropped_and_warns_once_while_the_collector_is_away_then_goes_on()
      throws Exception {
    int port = Ports.free();
    tracing = tracing("http", port);
    call("a.Service/Lost");
    await().untilAsserted(() -> assertThat(tracing.spansDropped()).isEqualTo(1));
    call("a.Service/Lost");
    await().untilAsserted(() -> assertThat(tracing.spansDropped()).isEqualTo(2));
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("127.0.0.1:" + port).contains("UNAVAILABLE");

    try (TestCollector collector = new TestCollector(port, ALL_TAKEN)) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                call("a.Service/Found");
                assertThat(tracing.spansExported()).isPositive();
              });
      assertThat(collector.names).contains("a.Service/Found");
    }
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(1)).endsWith("takes spans again.");
  }

  @Test
  void leaves_a_connection_on_which_everything_is_refused() throws Exception {
    try (TestCollector collector = TestCollector.refusingOnItsFirstConnection()) {
      tracing = tracing("http", collector.port());
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                call("a.Service/Found");
                assertThat(tracing.spansExported()).isPositive();
              });
    }
  }

  @Test
  void tells_why_a_collector_rejects_spans() throws Exception {
    try (TestCollector collector = new TestCollector(0, SOME_REJECTED)) {
      tracing = tracing("http", collector.port());
      call("a.Service/Method");

      await().untilAsserted(() -> assertThat(tracing.spansDropped()).isEqualTo(1));
      assertThat(warnings).hasSize(1);
      assertThat(warnings.get(0)).contains("rejected some: no");
    }
  }

  @Test
  void drops_spans_when_the_collector_does_not_speak_tls() throws Exception {
    try (TestCollector collector = new TestCollector(0, ALL_TAKEN)) {
      tracing = tracing("https", collector.port());
      call("a.Service/Method");

      await().untilAsserted(() -> assertThat(tracing.spansDropped()).isEqualTo(1));
      assertThat(warnings).hasSize(1);
    }
  }

  @Test
  void uses_daemon_threads_only() throws Exception {
    try (TestCollector collector = new TestCollector(0, ALL_TAKEN)) {
      tracing = tracing("http", collector.port());
      call("a.Service/Method");
      await().untilAsserted(() -> assertThat(tracing.spansExported()).isEqualTo(1));

      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().startsWith("mesh-agent-"))
          .isNotEmpty()
          .allMatch(Thread::isDaemon);
    }
  }

  private SpanTracing tracing(String scheme, int port) {
    ServerAddress address = ServerAddress.parse(scheme + "://127.0.0.1:" + port, 4317);
    return new SpanTracing(
        new TracingSettings(address.toString(), 1, "app", null, null),
        new OtlpExporter(new Collector(address, Resource.getDefault(), warnings::add)));
  }

  private void call(String method) {
    TestCall.of(Side.CLIENT, method, tracing.stage(Side.CLIENT, method))
        .admitted()
        .end(Code.OK, null);
    tracing.flush();
  }
}
