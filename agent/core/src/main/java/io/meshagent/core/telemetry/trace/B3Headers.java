package io.meshagent.core.telemetry.trace;

import io.meshagent.core.call.Call;
import io.meshagent.core.call.TraceId;
import java.util.Locale;

/** Zipkin's headers, each part in one of its own: {@code x-b3-traceid} and so on. Stateless. */
final class B3Headers extends Propagation {

  private static final String TRACE = "x-b3-traceid";
  private static final String SPAN = "x-b3-spanid";
  private static final String SAMPLED = "x-b3-sampled";

  /** 1 stands for debug, which is more than sampled. */
  private static final String FLAGS = "x-b3-flags";

  @Override
  byte[] found(Call call) {
    String trace = call.header(TRACE);
    if (trace == null) {
      String sampled = call.header(SAMPLED);
      return sampled == null ? null : B3.isDenied(sampled) ? B3.denied() : B3.UNREADABLE;
    }
    String span = call.header(SPAN);
    if (span == null) {
      return B3.UNREADABLE;
    }
    boolean sampled = B3.isSampled(call.header(SAMPLED)) || "1".equals(call.header(FLAGS));
    return B3.traceparent(trace.toLowerCase(Locale.ROOT), span.toLowerCase(Locale.ROOT), sampled);
  }

  @Override
  String state(Call call) {
    return null;
  }

  @Override
  void write(Call call, byte[] w3c, String state) {
    if (TraceId.isOne(w3c)) {
      String traceparent = text(w3c);
      call.addHeader(TRACE, B3.trace(traceparent));
      call.addHeader(SPAN, B3.span(traceparent));
      call.addHeader(SAMPLED, TraceId.isSampled(traceparent) ? "1" : "0");
    }
  }
}
