package io.meshagent.core.telemetry.trace;

import io.meshagent.core.call.Call;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;

/**
 * The span of one client call, which gets its parent when the first attempt leaves and has begun
 * when the call did. Thread-safe: the end may race with an attempt.
 */
final class ClientSpan {

  private final Spans spans;
  private final String method;
  private final Context around;
  private final long began;

  /** Guarded by this. Null until it is known which trace the call belongs to. */
  private Context context;

  /** Guarded by this. */
  private boolean ended;

  ClientSpan(Spans spans, String method, Context around) {
    this.spans = spans;
    this.method = method;
    this.around = around;
    this.began = spans.now();
  }

  /** Each attempt has headers of its own; what a former one was given may or may not be there. */
  synchronized void sending(Call call) {
    if (ended) {
      return;
    }
    boolean hasHeader = call.header(Tracing.TRACEPARENT) != null;
    if (context == null) {
      begin(call, hasHeader ? Spans.read(call) : around);
    }
    if (!hasHeader) {
      Spans.write(context, call);
    }
  }

  private void begin(Call call, Context parent) {
    Span span = spans.begin(SpanKind.CLIENT, method, parent, began);
    if (span.isRecording()) {
      call.span = span;
    }
    context = parent.with(span);
  }

  synchronized void end(Call call, boolean isError) {
    ended = true;
    if (context == null) {
      begin(call, around);
    }
    Spans.end(call, isError);
  }
}
