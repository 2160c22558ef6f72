package io.meshagent.core.call;

/** What a trace stage has to say to others of the trace around a call. Immutable. */
public interface Traced {

  /** The value of the header {@code traceparent} by which the trace is known; null for none. */
  String traceparent();

  /** Whether somebody records it. Makes nothing. */
  default boolean isSampled() {
    return TraceId.isSampled(traceparent());
  }
}
