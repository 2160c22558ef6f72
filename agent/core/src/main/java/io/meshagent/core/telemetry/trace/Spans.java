package io.meshagent.core.telemetry.trace;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the client's and the server's trace stage have in common: reading and writing headers,
 * beginning a span, ending it. Thread-safe. Contexts are handed on, never made current:
 * thread-locals of the program's threads are none of our business.
 *
 * <p>Attributes follow OpenTelemetry's conventions for RPC in their stable form, and where the
 * names differ also in the older one, which most backends still look for. The older {@code
 * rpc.method} is not among them: it has the name of the stable one and another meaning.
 */
final class Spans {

  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system.name");
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
  private static final AttributeKey<String> STATUS =
      AttributeKey.stringKey("rpc.response.status_code");
  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  private static final AttributeKey<String> OLD_SYSTEM = AttributeKey.stringKey("rpc.system");
  private static final AttributeKey<String> OLD_SERVICE = AttributeKey.stringKey("rpc.service");
  private static final AttributeKey<Long> OLD_STATUS = AttributeKey.longKey("rpc.grpc.status_code");

  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
  private static final IdGenerator IDS = IdGenerator.random();
  private static final TextMapSetter<Call> TO_HEADERS = Call::addHeader;
  private static final TextMapGetter<Call> FROM_HEADERS = Call::header;

  /** What W3C's headers would be, by their names. */
  private static final TextMapGetter<Map<String, String>> FROM_MAP = Map::get;

  private static final TextMapSetter<Map<String, String>> TO_MAP = Map::put;

  private final Tracer tracer;
  private final RatioSampler sampler;
  private final Clock clock = Clock.getDefault();

  /** Which headers calls have. */
  final Propagation headers;

  Spans(Tracer tracer, RatioSampler sampler, Propagation headers) {
    this.tracer = tracer;
    this.sampler = sampler;
    this.headers = headers;
  }

  /** The context that the call's headers tell of; without a usable one, the empty context. */
  Context read(Call call) {
    if (headers == Propagation.W3C) {
      return readW3c(call);
    }
    Map<String, String> known = new HashMap<>();
    byte[] found = headers.found(call);
    known.put(Tracing.TRACEPARENT, found == null ? null : Propagation.text(found));
    known.put(Tracing.TRACESTATE, headers.state(call));
    return W3C.extract(Context.root(), known, FROM_MAP);
  }

  /** The same by W3C's headers alone. */
  static Context readW3c(Call call) {
    return W3C.extract(Context.root(), call, FROM_HEADERS);
  }

  void write(Context context, Call call) {
    if (headers == Propagation.W3C) {
      writeW3c(context, call);
      return;
    }
    Map<String, String> known = new HashMap<>();
    W3C.inject(context, known, TO_MAP);
    if (!known.isEmpty()) {
      byte[] traceparent = Propagation.bytes(known.get(Tracing.TRACEPARENT));
      headers.write(call, traceparent, known.get(Tracing.TRACESTATE));
    }
  }

  /** The same as W3C's headers. */
  static void writeW3c(Context context, Call call) {
    W3C.inject(context, call, TO_HEADERS);
  }

  /**
   * The span of a call under its parent. One that is not sampled is only an identity to pass on:
   * its parent's where there is one, else a new one, so that whoever is called knows that this
   * trace has been decided about.
   *
   * @param began in {@link #now} terms
   * @param samplesNew what {@link #samplesNewTrace} has said; counts if there is no parent
   */
  Span begin(SpanKind kind, String method, Context parent, long began, boolean samplesNew) {
    Span parentSpan = Span.fromContext(parent);
    SpanContext parentId = parentSpan.getSpanContext();
    if (parentId.isValid()) {
      return parentId.isSampled() ? beginSampled(kind, method, parent, began) : parentSpan;
    }
    return samplesNew ? beginSampled(kind, method, parent, began) : notSampled();
  }

  /** Whether a trace that begins here is sampled. To be asked once a call. */
  boolean samplesNewTrace() {
    return sampler.samplesNewTrace();
  }

  private Span beginSampled(SpanKind kind, String method, Context parent, long began) {
    SpanBuilder span =
        tracer
            .spanBuilder(method)
            .setParent(parent)
            .setSpanKind(kind)
            .setStartTimestamp(began, TimeUnit.NANOSECONDS)
            .setAttribute(SYSTEM, "grpc")
            .setAttribute(METHOD, method)
            .setAttribute(OLD_SYSTEM, "grpc");
    int slash = method.lastIndexOf('/');
    if (slash > 0) {
      span.setAttribute(OLD_SERVICE, method.substring(0, slash));
    }
    return span.startSpan();
  }

  private static Span notSampled() {
    return Span.wrap(
        SpanContext.create(
            IDS.generateTraceId(),
            IDS.generateSpanId(),
            TraceFlags.getDefault(),
            TraceState.getDefault()));
  }

  /** The time for a span to begin at. */
  long now() {
    return clock.now();
  }

  /** Ends a call's span. */
  static void end(Span span, Call call, boolean isError) {
    Code code = call.code();
    span.setAttribute(STATUS, code.name());
    span.setAttribute(OLD_STATUS, code.ordinal());
    if (isError) {
      span.setAttribute(ERROR_TYPE, code.name());
      String description = call.description();
      span.setStatus(StatusCode.ERROR, description == null ? "" : description);
    }
    span.end();
  }
}
