package io.meshagent.core.telemetry.trace;

import io.meshagent.core.call.Call;
import io.meshagent.core.call.TraceId;
import java.util.Locale;

/** The single header {@code b3}: {@code TRACE-SPAN-1-PARENT}, or {@code 0} alone. Stateless. */
final class B3Header extends Propagation {

  static final String NAME = "b3";

  private static final int LONGEST = 80;

  @Override
  byte[] found(Call call) {
    String header = call.header(NAME);
    if (header == null) {
      return null;
    }
    if (B3.isDenied(header)) {
      return B3.denied();
    }
    if (header.length() > LONGEST) {
      return B3.UNREADABLE;
    }
    String[] parts = header.toLowerCase(Locale.ROOT).split("-", -1);
    return parts.length < 2
        ? B3.UNREADABLE
        : B3.traceparent(parts[0], parts[1], parts.length > 2 && B3.isSampled(parts[2]));
  }

  @Override
  String state(Call call) {
    return null;
  }

  @Override
  void write(Call call, byte[] w3c, String state) {
    if (TraceId.isOne(w3c)) {
      String traceparent = text(w3c);
      String sampled = TraceId.isSampled(traceparent) ? "-1" : "-0";
      call.addHeader(NAME, B3.trace(traceparent) + "-" + B3.span(traceparent) + sampled);
    }
  }
}
