package io.meshagent.core.telemetry.trace;

import static io.meshagent.core.config.TraceFormat.B3;
import static io.meshagent.core.config.TraceFormat.B3MULTI;
import static io.meshagent.core.config.TraceFormat.TRACECONTEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.config.TraceFormat;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** B3 in place of W3C's headers, or beside them. */
class PropagationTest {

  private static final String METHOD = "a.Service/Method";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String W3C = "00-" + TRACE + "-" + SPAN;

  private final List<Tracing> all = new ArrayList<>();
  private final RecordingExporter exporter = new RecordingExporter();

  @AfterEach
  void close() {
    all.forEach(Tracing::close);
  }

  private static TestCall call(Map<String, String> headers) {
    TestCall call = TestCall.of(Side.SERVER, METHOD);
    call.headers.putAll(headers);
    return call;
  }

  private static String found(Propagation by, TestCall call) {
    byte[] found = by.found(call);
    return found == null ? null : Propagation.text(found);
  }

  private static TracingSettings settings(double sampling, TraceFormat... formats) {
    return new TracingSettings("http://unused", sampling, "app", null, null).by(List.of(formats));
  }

  private SpanTracing spans(double sampling, TraceFormat... formats) {
    SpanTracing tracing = new SpanTracing(settings(sampling, formats), exporter);
    all.add(tracing);
    return tracing;
  }

  private static TestCall server(Tracing tracing) {
    return TestCall.of(Side.SERVER, METHOD, tracing.stage(Side.SERVER, METHOD));
  }

  private static TestCall client(Tracing tracing) {
    return TestCall.of(Side.CLIENT, METHOD, tracing.stage(Side.CLIENT, METHOD));
  }

  @ParameterizedTest
  @CsvSource({
    TRACE + "-" + SPAN + "-1, -01",
    TRACE + "-" + SPAN + "-0, -00",
    TRACE + "-" + SPAN + "-d, -01",
    TRACE + "-" + SPAN + "-1-05e3ac9a4f6e3b90, -01",
    TRACE + "-" + SPAN + ", -00"
  })
  void a_single_header_is_read(String header, String flags) {
    assertThat(found(Propagation.of(List.of(B3)), call(Map.of("b3", header))))
        .isEqualTo(W3C + flags);
  }

  @Test
  void a_short_trace_is_made_as_long_as_others() {
    TestCall call = call(Map.of("b3", SPAN + "-" + SPAN + "-1"));
    String found = found(Propagation.of(List.of(B3)), call);

    assertThat(found).isEqualTo("00-0000000000000000" + SPAN + "-" + SPAN + "-01");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rubbish",
        "1",
        TRACE,
        TRACE + "-",
        TRACE + "-zz",
        "00000000000000000000000000000000-" + SPAN + "-1",
        TRACE + "-0000000000000000-1",
        TRACE + "-" + SPAN + "-1-05e3ac9a4f6e3b90-and-much-more-that-nobody-has-asked-for-here"
      })
  void what_is_none_is_there_and_says_nothing(String header) {
    assertThat(found(Propagation.of(List.of(B3)), call(Map.of("b3", header)))).isEmpty();
    TestCall out = client(spans(1, B3)).with("b3", header).admitted();
    out.end(Code.OK, null);

    assertThat(out.headers).containsOnlyKeys("b3").containsEntry("b3", header);
  }

  @Test
  void what_is_none_and_long_takes_no_room_in_the_calls_of_the_handler() {
    Tracing tracing = Tracing.create(new TracingSettings(null, 1, "app", null, null));
    TestCall in = server(tracing).with("traceparent", "0".repeat(7_000)).with("tracestate", "a=1");
    in.admitted();

    assertThat(client(tracing).within(in.traceContext).admitted().headers).isEmpty();
  }

  @Test
  void several_headers_are_read_by_their_names() {
    Propagation multi = Propagation.of(List.of(B3MULTI));
    Map<String, String> ids = Map.of("x-b3-traceid", TRACE, "x-b3-spanid", SPAN);

    assertThat(found(multi, call(ids))).isEqualTo(W3C + "-00");
    assertThat(found(multi, call(ids).with("x-b3-sampled", "1"))).isEqualTo(W3C + "-01");
    assertThat(found(multi, call(ids).with("x-b3-flags", "1"))).isEqualTo(W3C + "-01");
    assertThat(found(multi, call(Map.of("x-b3-traceid", TRACE)))).isEmpty();
    assertThat(found(multi, call(Map.of()))).isNull();
    assertThat(found(multi, call(Map.of("traceparent", W3C + "-01")))).isNull();
  }

  @Test
  void of_several_kinds_the_first_that_is_there_counts_and_all_are_written() {
    Propagation both = Propagation.of(List.of(TRACECONTEXT, B3));
    String other = "1111111111111111" + SPAN;

    assertThat(found(both, call(Map.of("b3", TRACE + "-" + SPAN + "-1")))).isEqualTo(W3C + "-01");
    TestCall two = call(Map.of("traceparent", W3C + "-01", "b3", other + "-" + SPAN + "-1"));
    assertThat(found(both, two)).isEqualTo(W3C + "-01");
    TestCall written = call(Map.of());
    both.write(written, Propagation.bytes(W3C + "-01"), "a=1");
    assertThat(written.headers)
        .containsEntry("traceparent", W3C + "-01")
        .containsEntry("tracestate", "a=1")
        .containsEntry("b3", TRACE + "-" + SPAN + "-1")
        .hasSize(3);
  }

  @Test
  void a_trace_goes_on_through_a_program_without_a_collector() {
    Tracing tracing =
        Tracing.create(new TracingSettings(null, 1, "app", null, null).by(List.of(B3MULTI)));
    TestCall in = server(tracing).with("x-b3-traceid", TRACE).with("x-b3-spanid", SPAN);
    in.with("x-b3-sampled", "1").with("traceparent", "theirs").admitted();
    TestCall out = client(tracing).within(in.traceContext).admitted();

    assertThat(out.headers)
        .containsOnly(
            Map.entry("x-b3-traceid", TRACE),
            Map.entry("x-b3-spanid", SPAN),
            Map.entry("x-b3-sampled", "1"));
  }

  @Test
  void spans_are_tied_together_by_it_and_each_attempt_has_one_set() {
    Tracing tracing = spans(1, B3);
    TestCall in = server(tracing).with("b3", TRACE + "-" + SPAN + "-1").admitted();
    TestCall out = client(tracing).within(in.traceContext).admitted().attempt();
    out.end(Code.OK, null);
    in.end(Code.OK, null);

    SpanData clientSpan = exported(tracing).get(0);
    SpanData serverSpan = exporter.spans.get(1);
    assertThat(serverSpan.getTraceId()).isEqualTo(TRACE);
    assertThat(serverSpan.getParentSpanId()).isEqualTo(SPAN);
    assertThat(clientSpan.getParentSpanId()).isEqualTo(serverSpan.getSpanId());
    assertThat(out.headers)
        .containsOnly(Map.entry("b3", TRACE + "-" + clientSpan.getSpanId() + "-1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", TRACE + "-" + SPAN + "-0"})
  void who_says_no_is_heard(String header) {
    Tracing tracing = spans(1, B3);
    TestCall in = server(tracing).with("b3", header).admitted();
    TestCall out = client(tracing).within(in.traceContext).admitted();
    out.end(Code.OK, null);
    in.end(Code.OK, null);

    assertThat(exported(tracing)).isEmpty();
    assertThat(out.headers.get("b3")).endsWith("-0");
  }

  @Test
  void a_header_of_the_programs_stays_the_only_one() {
    Tracing tracing = spans(1, TRACECONTEXT, B3);
    TestCall out = client(tracing).with("b3", TRACE + "-" + SPAN + "-1").admitted();
    out.end(Code.OK, null);

    assertThat(out.headers).containsOnlyKeys("b3");
    assertThat(exported(tracing)).singleElement().extracting(SpanData::getTraceId).isEqualTo(TRACE);
  }

  private List<SpanData> exported(Tracing tracing) {
    boolean unused = ((SpanTracing) tracing).flush().join(10, TimeUnit.SECONDS).isSuccess();
    return exporter.spans;
  }
}
