package io.meshagent.core.telemetry.trace;

import io.meshagent.core.call.Call;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;

/**
 * The span of one client call that is sampled, or whose trace is in no form that tells so at once.
 * It gets its parent when the first attempt leaves and has begun when the call did. Thread-safe:
 * the end may race with an attempt.
 */
final class ClientSpan {

  private final Spans spans;
  private final String method;
  private final Context around;

  /** In {@link Spans#now} terms. */
  private final long began;

  /** Guarded by this. Null until it is known which trace the call belongs to. */
  private Context context;

  /** Guarded by this. Null until then, and if nothing is recorded. */
  private Span span;

  /** Guarded by this. */
  private boolean ended;

  ClientSpan(Spans spans, String method, Context around, long began) {
    this.spans = spans;
    this.method = method;
    this.around = around;
    this.began = began;
  }

  /** Each attempt has headers of its own; what a former one was given may or may not be there. */
  synchronized void sending(Call call) {
    if (ended) {
      return;
    }
    boolean hasHeader = spans.headers.found(call) != null;
    if (context == null) {
      begin(hasHeader ? spans.read(call) : around);
    }
    if (!hasHeader) {
      spans.write(context, call);
    }
  }

  private void begin(Context parent) {
    Span begun = spans.begin(SpanKind.CLIENT, method, parent, began, true);
    if (begun.isRecording()) {
      span = begun;
    }
    context = parent.with(begun);
  }

  /** Whether it is recorded, as far as is known. */
  synchronized boolean isSampled() {
    return span != null;
  }

  /** The header that stands for it; null while nobody knows where it belongs. */
  synchronized String traceparent() {
    return context == null ? null : SpanAround.traceparent(context);
  }

  synchronized void end(Call call, boolean isError) {
    ended = true;
    if (context == null) {
      begin(around);
    }
    if (span != null) {
      Spans.end(span, call, isError);
    }
  }
}
