package io.meshagent.core.telemetry;

import io.meshagent.core.api.Call;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Refusal;
import io.meshagent.core.api.Stage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;

/**
 * The client's span of a call, and the header that tells the server of it. A header that the
 * program or another agent has written stays: the span joins that trace, and no second header is
 * sent.
 */
final class ClientSpanStage implements Stage {

  private final Spans spans;
  private final String method;

  ClientSpanStage(Spans spans, String method) {
    this.spans = spans;
    this.method = method;
  }

  @Override
  public Refusal enter(Call call) {
    boolean hasHeader = call.header(Tracing.TRACEPARENT) != null;
    Context parent = hasHeader ? Spans.read(call) : around(call);
    Span span = spans.begin(SpanKind.CLIENT, method, parent);
    if (span.isRecording()) {
      call.span = span;
    }
    if (!hasHeader) {
      Spans.write(parent.with(span), call);
    }
    return null;
  }

  private static Context around(Call call) {
    Object context = call.traceContext;
    return context instanceof Context ? (Context) context : Context.root();
  }

  @Override
  public void leave(Call call) {
    Spans.end(call, call.code() != Code.OK);
  }
}
