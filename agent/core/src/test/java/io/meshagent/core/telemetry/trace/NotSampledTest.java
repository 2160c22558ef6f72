package io.meshagent.core.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.CallPlan;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.TestAgent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotSampledTest {

  private static final String METHOD = "a.Service/Method";
  private static final String IDS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-";

  /** The bytes of a header. */
  private static final int TEXT = 72;

  private final RecordingExporter exporter = new RecordingExporter();
  private final SpanTracing tracing =
      new SpanTracing(new TracingSettings("http://unused", 0, "app", null, null), exporter);

  @AfterEach
  void close() {
    tracing.close();
  }

  @Test
  void makes_its_header_once_and_no_two_are_alike() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      NotSampled trace = new NotSampled();
      assertThat(trace.header()).isSameAs(trace.header());
      assertThat(trace.traceparent()).isEqualTo(Propagation.text(trace.header()));
      assertThat(NotSampled.isTold(trace.header())).isTrue();
      seen.add(trace.traceparent().substring(3, 35));
      seen.add(trace.traceparent().substring(36, 52));
    }
    assertThat(seen).hasSize(2_000);
  }

  @Test
  void knows_of_every_flags_what_opentelemetry_would_make_of_them() {
    for (int flags = 0; flags < 256; flags++) {
      String header = IDS + String.format("%02x", flags);
      TestCall read = call().with("traceparent", header);
      SpanContext known = Span.fromContext(Spans.readW3c(read)).getSpanContext();
      assertThat(known.isValid()).isTrue();
      assertThat(NotSampled.isTold(Propagation.bytes(header)))
          .as(header)
          .isEqualTo(!known.isSampled());
      TestCall written = call();
      Spans.writeW3c(Spans.readW3c(read), written);
      assertThat(written.header("traceparent")).isEqualTo(header);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-rubbish",
        IDS + "00-more",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        "00-00000000000000000000000000000000-b7ad6b7169203331-00",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-00",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-00",
        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-00",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_00",
        IDS + "0x",
        IDS + "0A"
      })
  void leaves_what_is_not_certain_to_opentelemetry(String header) {
    assertThat(NotSampled.isTold(Propagation.bytes(header))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=1", ""})
  void is_passed_on_with_its_state(String state) {
    TestCall in = server().with("traceparent", IDS + "00").with("tracestate", state).admitted();
    TestCall out = client().within(in.traceContext).admitted();

    assertThat(out.header("traceparent")).isEqualTo(IDS + "00");
    assertThat(out.header("tracestate")).isEqualTo(state.isEmpty() ? null : state);
  }

  @Test
  void those_who_look_at_a_call_as_it_ends_are_told_of_it() {
    Stage stage = tracing.stage(Side.CLIENT, "a.B/C");
    TestCall out = client().within(server().admitted().traceContext).admitted();
    TestCall alone = client().admitted();
    for (TestCall each : List.of(out, alone)) {
      assertThat(each.isSampled()).isFalse();
      assertThat(each.traceparent()).isEqualTo(each.header("traceparent"));
    }
    assertThat(stage.isSampled(client())).as("refused before it came here").isFalse();
    assertThat(stage.traceparent(client())).isNull();
    TestCall in = server().admitted();
    assertThat(in.isSampled()).isFalse();
  }

  @Test
  void is_one_for_all_that_the_handler_calls_and_for_all_attempts() {
    TestCall in = server().admitted();
    TestCall one = client().within(in.traceContext).admitted();
    TestCall other = client().within(in.traceContext).admitted();
    TestCall alone = client().admitted();
    String first = alone.header("traceparent");
    alone.headers.clear();
    alone.attempt();

    assertThat(one.header("traceparent")).isEqualTo(other.header("traceparent"));
    assertThat(one.carriedTraceparent()).isEqualTo(one.header("traceparent"));
    assertThat(alone.header("traceparent")).isEqualTo(first);
  }

  @Test
  void writes_nothing_beside_a_header_that_is_there() {
    for (String theirs : List.of(IDS + "00", "rubbish")) {
      TestCall call = client().with("traceparent", theirs).admitted();
      call.end(Code.OK, null);
      assertThat(call.headers).containsOnlyKeys("traceparent").containsEntry("traceparent", theirs);
    }
    assertThat(exported()).isEmpty();
  }

  @Test
  void gives_way_to_a_sampled_trace_of_the_programs() {
    TestCall in = server().with("traceparent", IDS + "00").admitted();
    TestCall call = client().within(in.traceContext).with("traceparent", IDS + "01");
    call.admit();
    call.takes(5_000);
    call.attempt().attempt().end(Code.OK, null);

    assertThat(call.headers).containsOnlyKeys("traceparent");
    assertThat(exported())
        .singleElement()
        .satisfies(span -> assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331"));
  }

  @Test
  void a_call_that_is_over_is_told_no_more_attempts() {
    TestCall call = client();
    call.admit();
    call.end(Code.CANCELLED, null);
    call.attempt();
    assertThat(call.headers).isEmpty();
    call.with("traceparent", IDS + "01").attempt();

    assertThat(exported()).isEmpty();
  }

  @Test
  void costs_a_clients_call_its_header_and_nothing_else() {
    CallPlan plan = plan(Side.CLIENT);
    // What it is kept in, and where that is kept.
    assertThat(allocated(plan, null, null)).isEqualTo(16 + 24 + TEXT);
    // Inside a trace that is known.
    NotSampled known = new NotSampled(Propagation.bytes(IDS + "00"));
    assertThat(allocated(plan, known, null)).isEqualTo(24);
    // Beside a header that is there.
    assertThat(allocated(plan, null, IDS + "00")).isEqualTo(16 + 24);
  }

  @Test
  void costs_a_servers_call_what_its_handler_is_told() {
    CallPlan plan = plan(Side.SERVER);

    assertThat(allocated(plan, null, null)).isEqualTo(16);
    assertThat(allocated(plan, null, IDS + "00")).isEqualTo(16);
  }

  /** Bytes for one call after many, beside the call and the reading and writing of its headers. */
  private static long allocated(CallPlan plan, Object around, String header) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    TestAgent agent = new TestAgent();
    BareCall[] calls = new BareCall[2_000];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = new BareCall(plan, agent, around, header);
    }
    Outcome ok = Outcome.of(Code.OK, null);
    long fewest = Long.MAX_VALUE;
    for (BareCall call : calls) {
      long before = threads.getCurrentThreadAllocatedBytes();
      call.admit();
      if (plan.side() == Side.CLIENT) {
        call.attempt();
      }
      boolean unused = call.end(ok);
      fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return fewest;
  }

  private CallPlan plan(Side side) {
    CallPlan plan = new CallPlan(side, METHOD, null);
    plan.install(new Stage[] {tracing.stage(side, METHOD)}, 0);
    return plan;
  }

  /** One header, in a field. */
  private static final class BareCall extends Call {

    private byte[] header;

    BareCall(CallPlan plan, TestAgent agent, Object around, String header) {
      super(plan, agent);
      traceContext = around;
      this.header = header == null ? null : Propagation.bytes(header);
    }

    void attempt() {
      sending();
    }

    @Override
    public String header(String name) {
      return null;
    }

    @Override
    public byte[] rawHeader(String name) {
      return name.equals("traceparent") ? header : null;
    }

    @Override
    public void addHeader(String name, String value) {
      throw new IllegalStateException(name);
    }

    @Override
    public void addRawHeader(String name, byte[] value) {
      header = value;
    }
  }

  private List<SpanData> exported() {
    boolean unused = tracing.flush().join(10, TimeUnit.SECONDS).isSuccess();
    return exporter.spans;
  }

  private TestCall call() {
    return client();
  }

  private TestCall server() {
    return TestCall.of(Side.SERVER, METHOD, tracing.stage(Side.SERVER, METHOD));
  }

  private TestCall client() {
    return TestCall.of(Side.CLIENT, METHOD, tracing.stage(Side.CLIENT, METHOD));
  }
}
