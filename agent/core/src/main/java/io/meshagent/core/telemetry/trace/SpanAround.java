package io.meshagent.core.telemetry.trace;

import io.meshagent.core.call.Traced;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;

/** The span of a server's call, in which its handler's calls go out. Immutable. */
final class SpanAround implements Traced {

  final Context context;

  SpanAround(Context context) {
    this.context = context;
  }

  @Override
  public String traceparent() {
    return traceparent(context);
  }

  @Override
  public boolean isSampled() {
    return Span.fromContext(context).getSpanContext().isSampled();
  }

  /** The header for what is in a context; null if no span is. */
  static String traceparent(Context context) {
    SpanContext span = Span.fromContext(context).getSpanContext();
    return span.isValid()
        ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex()
        : null;
  }
}
