package io.meshagent.core.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.Side;
import org.junit.jupiter.api.Test;

class HeaderTracingTest {

  private static final String METHOD = "a.Service/Method";
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final Tracing tracing = Tracing.create(new TracingSettings(null, 1, "app", null, null));

  @Test
  void passes_an_incoming_trace_on_unchanged() {
    TestCall in = server().with("traceparent", PARENT).with("tracestate", "a=1,b=2").admitted();
    TestCall out = client().within(in.traceContext).admitted();

    assertThat(out.headers)
        .containsEntry("traceparent", PARENT)
        .containsEntry("tracestate", "a=1,b=2");
  }

  @Test
  void adds_nothing_to_a_call_outside_a_trace() {
    TestCall in = server().admitted();
    TestCall out = client().within(in.traceContext).admitted();
    out.end(Code.OK, null);
    in.end(Code.OK, null);

    assertThat(in.traceContext).isNull();
    assertThat(out.headers).isEmpty();
    assertThat(tracing.spansExported() + tracing.spansDropped()).isZero();
  }

  @Test
  void leaves_the_programs_own_header_alone() {
    TestCall in = server().with("traceparent", PARENT).admitted();
    TestCall out = client().with("traceparent", "theirs").within(in.traceContext).admitted();

    assertThat(out.headers).containsOnlyKeys("traceparent").containsEntry("traceparent", "theirs");
  }

  @Test
  void is_what_an_endpoint_without_sense_leads_to() {
    Tracing fallback = Tracing.create(new TracingSettings("collector:4317", 1, "app", null, null));

    assertThat(fallback).isInstanceOf(HeaderTracing.class);
  }

  private TestCall server() {
    return TestCall.of(Side.SERVER, METHOD, tracing.stage(Side.SERVER, METHOD));
  }

  private TestCall client() {
    return TestCall.of(Side.CLIENT, METHOD, tracing.stage(Side.CLIENT, METHOD));
  }
}
