package io.meshagent.core.telemetry.trace;

import io.meshagent.core.call.Call;
import io.meshagent.core.call.TraceId;
import io.meshagent.core.config.TraceFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Which headers of a call say what trace it belongs to. Whatever they are, the trace is known here
 * by what W3C's {@code traceparent} would say. Chosen once, at the start. Thread-safe.
 */
abstract class Propagation {

  /** By W3C's headers alone: one look at a call's headers, and nothing made of what is there. */
  static final Propagation W3C = new W3cHeaders();

  /**
   * By these headers: the first of them that a call has counts, and all are written.
   *
   * @param formats {@link TraceFormat#BAGGAGE} says nothing of traces
   */
  static Propagation of(Collection<TraceFormat> formats) {
    List<Propagation> all = new ArrayList<>();
    for (TraceFormat each : formats) {
      if (each == TraceFormat.TRACECONTEXT) {
        all.add(W3C);
      } else if (each == TraceFormat.B3) {
        all.add(new B3Header());
      } else if (each == TraceFormat.B3MULTI) {
        all.add(new B3Headers());
      }
    }
    return all.isEmpty() ? W3C : all.size() == 1 ? all.get(0) : new SeveralHeaders(all);
  }

  /**
   * The trace that a call's headers tell of.
   *
   * @return null if there are none; else what W3C's header would be, a byte a character, or bytes
   *     that are none where they can't be read; nobody changes them
   */
  abstract byte[] found(Call call);

  /** What goes with it for vendors; null for nothing. */
  abstract String state(Call call);

  /**
   * Writes the headers of a call that has none.
   *
   * @param traceparent of W3C's form, or what {@link #found} has found; not empty
   * @param state null for nothing
   */
  abstract void write(Call call, byte[] traceparent, String state);

  /** A header's text, as HTTP knows it. */
  static String text(byte[] header) {
    return new String(header, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String header) {
    return header.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static final class W3cHeaders extends Propagation {

    /** Later versions may say more than {@link TraceId} reads. */
    private static final int LONGEST_OTHER = 256;

    @Override
    byte[] found(Call call) {
      return call.rawHeader(Tracing.TRACEPARENT);
    }

    @Override
    String state(Call call) {
      return call.header(Tracing.TRACESTATE);
    }

    @Override
    void write(Call call, byte[] traceparent, String state) {
      if (traceparent.length > LONGEST_OTHER) {
        // It is none, and would take the room of the program's own headers in each call.
        return;
      }
      if (TraceId.isOne(traceparent)) {
        call.addRawHeader(Tracing.TRACEPARENT, traceparent);
      } else {
        // It came from somebody who may write what HTTP does not allow.
        call.addHeader(Tracing.TRACEPARENT, new String(traceparent, StandardCharsets.US_ASCII));
      }
      if (state != null) {
        call.addHeader(Tracing.TRACESTATE, state);
      }
    }
  }
}
