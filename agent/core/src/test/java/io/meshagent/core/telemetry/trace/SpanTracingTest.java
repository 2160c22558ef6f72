package io.meshagent.core.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpanTracingTest {

  private static final String METHOD = "helloworld.Greeter/SayHello";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SAMPLED = "00-" + TRACE + "-b7ad6b7169203331-01";
  private static final String NOT_SAMPLED = "00-" + TRACE + "-b7ad6b7169203331-00";

  private final RecordingExporter exporter = new RecordingExporter();
  private SpanTracing tracing = tracing(1);

  @AfterEach
  void close() {
    tracing.close();
  }

  @Test
  void describes_a_call_by_the_conventions() {
    TestCall call = client().admitted();
    call.end(Code.OK, null);

    SpanData span = exported().get(0);
    assertThat(span.getName()).isEqualTo(METHOD);
    assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(span.getStatus()).isEqualTo(StatusData.unset());
    assertThat(attribute(span, "rpc.system.name")).isEqualTo("grpc");
    assertThat(attribute(span, "rpc.method")).isEqualTo(METHOD);
    assertThat(attribute(span, "rpc.response.status_code")).isEqualTo("OK");
    assertThat(attribute(span, "error.type")).isNull();
    assertThat(attribute(span, "rpc.service")).isEqualTo("helloworld.Greeter");
    assertThat(span.getAttributes().get(AttributeKey.longKey("rpc.grpc.status_code"))).isZero();
  }

  @Test
  void names_the_program_in_the_resource() {
    client().admitted().end(Code.OK, null);

    assertThat(exported().get(0).getResource().getAttributes().asMap())
        .containsEntry(AttributeKey.stringKey("service.name"), "greeter")
        .containsEntry(AttributeKey.stringKey("service.version"), "1.0")
        .containsEntry(AttributeKey.stringKey("service.instance.id"), "here:1")
        .containsEntry(AttributeKey.stringKey("telemetry.distro.name"), "mesh-agent")
        .containsEntry(AttributeKey.stringKey("telemetry.sdk.language"), "java");
  }

  @Test
  void ties_a_chain_of_calls_into_one_trace() {
    TestCall first = client().admitted();
    TestCall middle = server().with("traceparent", first.header("traceparent")).admitted();
    TestCall second = client().within(middle.traceContext).admitted();
    TestCall last = server().with("traceparent", second.header("traceparent")).admitted();
    for (TestCall call : List.of(last, second, middle, first)) {
      call.end(Code.OK, null);
    }

    List<SpanData> spans = exported();
    assertThat(spans).extracting(SpanData::getTraceId).containsOnly(spans.get(0).getTraceId());
    assertThat(spans)
        .extracting(SpanData::getKind)
        .containsExactly(SpanKind.SERVER, SpanKind.CLIENT, SpanKind.SERVER, SpanKind.CLIENT);
    for (int i = 0; i < 3; i++) {
      assertThat(spans.get(i).getParentSpanId()).isEqualTo(spans.get(i + 1).getSpanId());
    }
    assertThat(spans.get(3).getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void continues_a_trace_with_its_state() {
    TestCall in = server().with("traceparent", SAMPLED).with("tracestate", "a=1").admitted();
    TestCall out = client().within(in.traceContext).admitted();
    in.end(Code.OK, null);

    assertThat(exported().get(0).getTraceId()).isEqualTo(TRACE);
    assertThat(exported().get(0).getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(out.header("traceparent")).startsWith("00-" + TRACE).endsWith("-01");
    assertThat(out.header("tracestate")).isEqualTo("a=1");
  }

  @Test
  void joins_the_trace_of_a_header_that_is_there_and_writes_no_second_one() {
    TestCall call = client().with("traceparent", SAMPLED).admitted();
    call.end(Code.OK, null);

    assertThat(call.headers).containsOnlyKeys("traceparent").containsEntry("traceparent", SAMPLED);
    assertThat(exported().get(0).getTraceId()).isEqualTo(TRACE);
  }

  @Test
  void joins_the_trace_of_a_header_that_was_written_after_the_call_started() {
    TestCall in = server().admitted();
    TestCall call = client().within(in.traceContext);
    call.admit();
    call.with("traceparent", SAMPLED).attempt().end(Code.OK, null);

    assertThat(call.headers).containsOnlyKeys("traceparent").containsEntry("traceparent", SAMPLED);
    assertThat(exported().get(0).getTraceId()).isEqualTo(TRACE);
    assertThat(exported().get(0).getParentSpanId()).isEqualTo("b7ad6b7169203331");
  }

  @Test
  void tells_every_attempt_of_the_one_span() {
    TestCall call = client().admitted();
    String first = call.header("traceparent");
    call.headers.clear();
    call.attempt().end(Code.OK, null);

    assertThat(call.header("traceparent")).isEqualTo(first);
    assertThat(exported()).hasSize(1);
  }

  @Test
  void a_call_that_ended_before_anything_was_sent_has_a_span_in_its_trace() {
    TestCall in = server().with("traceparent", SAMPLED).admitted();
    TestCall call = client().within(in.traceContext);
    call.admit();
    call.end(Code.DEADLINE_EXCEEDED, null);
    call.attempt();

    assertThat(exported().get(0).getTraceId()).isEqualTo(TRACE);
    assertThat(call.headers).isEmpty();
  }

  @Test
  void begins_a_new_trace_where_the_header_makes_no_sense() {
    TestCall call = server().with("traceparent", "00-rubbish").admitted();
    call.end(Code.OK, null);

    assertThat(exported().get(0).getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void passes_a_trace_that_is_not_sampled_on_without_a_span() {
    TestCall in = server().with("traceparent", NOT_SAMPLED).admitted();
    TestCall out = client().within(in.traceContext).admitted();
    out.end(Code.OK, null);
    in.end(Code.OK, null);

    assertThat(out.header("traceparent")).isEqualTo(NOT_SAMPLED);
    assertThat(exported()).isEmpty();
  }

  @Test
  void tells_the_next_that_a_new_trace_is_not_sampled() {
    tracing.close();
    tracing = tracing(0);
    TestCall in = server().admitted();
    TestCall out = client().within(in.traceContext).admitted();
    TestCall alone = client().admitted();

    assertThat(out.header("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    assertThat(alone.header("traceparent"))
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00")
        .isNotEqualTo(out.header("traceparent"));
    assertThat(exported()).isEmpty();
  }

  @Test
  void samples_the_given_share_of_new_traces() {
    RatioSampler sampler = new RatioSampler(0.25);
    int sampled = 0;
    for (int i = 0; i < 100_000; i++) {
      sampled += sampler.samplesNewTrace() ? 1 : 0;
    }
    assertThat(sampled).isBetween(23_500, 26_500);
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void marks_errors_by_side(Code code) {
    client().admitted().end(code, "because");
    server().admitted().end(code, "because");

    List<SpanData> spans = exported();
    boolean serversFault =
        List.of(
                Code.UNKNOWN,
                Code.DEADLINE_EXCEEDED,
                Code.UNIMPLEMENTED,
                Code.INTERNAL,
                Code.UNAVAILABLE,
                Code.DATA_LOSS)
            .contains(code);
    assertError(spans.get(0), code, code != Code.OK);
    assertError(spans.get(1), code, serversFault);
  }

  private static void assertError(SpanData span, Code code, boolean isError) {
    assertThat(attribute(span, "rpc.response.status_code")).isEqualTo(code.name());
    assertThat(span.getStatus())
        .isEqualTo(isError ? StatusData.create(StatusCode.ERROR, "because") : StatusData.unset());
    assertThat(attribute(span, "error.type")).isEqualTo(isError ? code.name() : null);
  }

  @Test
  void ends_a_span_once() {
    TestCall call = client().admitted();
    call.end(Code.CANCELLED, null);
    call.end(Code.OK, null);

    assertThat(exported()).hasSize(1);
  }

  @Test
  void counts_what_was_exported() {
    client().admitted().end(Code.OK, null);
    client().admitted().end(Code.OK, null);
    exported();

    assertThat(tracing.spansExported()).isEqualTo(2);
    assertThat(tracing.spansDropped()).isZero();
  }

  @Test
  void exports_on_a_thread_like_the_agents_others() {
    client().admitted().end(Code.OK, null);
    exported();

    assertThat(exporter.thread.isDaemon()).isTrue();
    assertThat(exporter.thread.getName()).startsWith("mesh-agent-");
    assertThat(exporter.thread.getContextClassLoader())
        .isSameAs(SpanTracing.class.getClassLoader());
  }

  private SpanTracing tracing(double ratio) {
    return new SpanTracing(
        new TracingSettings("http://unused", ratio, "greeter", "1.0", "here:1"), exporter);
  }

  private List<SpanData> exported() {
    CompletableResultCode flushed = tracing.flush();
    assertThat(flushed.join(10, TimeUnit.SECONDS).isSuccess()).isTrue();
    return exporter.spans;
  }

  private static String attribute(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.stringKey(name));
  }

  private TestCall server() {
    return TestCall.of(Side.SERVER, METHOD, tracing.stage(Side.SERVER, METHOD));
  }

  private TestCall client() {
    return TestCall.of(Side.CLIENT, METHOD, tracing.stage(Side.CLIENT, METHOD));
  }
}
