package io.meshagent.core.config;

/** The headers that tie the spans of a trace together, by OpenTelemetry's names for them. */
public enum TraceFormat {
  /** W3C's {@code traceparent} and {@code tracestate}. */
  TRACECONTEXT,
  /** Zipkin's single header {@code b3}. */
  B3,
  /** Zipkin's {@code x-b3-traceid} and its fellows. */
  B3MULTI,
  /** W3C's {@code baggage}, which goes on as it came. */
  BAGGAGE
}
