package io.meshagent.core.telemetry.trace;

import io.meshagent.core.call.TraceId;
import io.meshagent.core.call.Traced;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A trace that is not sampled: nothing but the value of a header to pass on, so that whoever is
 * called knows that this trace has been decided about. One that begins here is given its ids when
 * somebody wants them first, and keeps them. Thread-safe.
 */
final class NotSampled implements Traced {

  /** {@code 00-<32 digits>-<16 digits>-00}, as W3C's Trace Context lays it out. */
  private static final int TRACE_ID = 3;

  private static final int SPAN_ID = 36;
  private static final int FLAGS = 53;
  private static final int LENGTH = 55;
  private static final int SAMPLED = 1;

  /** Volatile: made on whichever thread asks first. Null until then. */
  private volatile byte[] header;

  /** Of a trace that begins here. */
  NotSampled() {}

  /**
   * Of a trace that began elsewhere.
   *
   * @param header one that {@link #isTold}
   */
  NotSampled(byte[] header) {
    this.header = header;
  }

  @Override
  public String traceparent() {
    return Propagation.text(header());
  }

  /** The same, a byte a character. Nobody changes it. */
  byte[] header() {
    byte[] known = header;
    return known != null ? known : made();
  }

  @Override
  public boolean isSampled() {
    return false;
  }

  private synchronized byte[] made() {
    if (header == null) {
      header = random();
    }
    return header;
  }

  private static byte[] random() {
    byte[] text = new byte[LENGTH];
    text[0] = '0';
    text[1] = '0';
    text[TRACE_ID - 1] = '-';
    write(text, TRACE_ID);
    write(text, TRACE_ID + Long.BYTES * 2);
    text[SPAN_ID - 1] = '-';
    write(text, SPAN_ID);
    text[FLAGS - 1] = '-';
    text[FLAGS] = '0';
    text[FLAGS + 1] = '0';
    return text;
  }

  /** Sixteen random digits, which are not all zero: such an id would not be one. */
  private static void write(byte[] text, int from) {
    long bits;
    do {
      bits = ThreadLocalRandom.current().nextLong();
    } while (bits == 0);
    for (int at = from + Long.BYTES * 2; at > from; bits >>>= 4) {
      text[--at] = (byte) Character.forDigit((int) bits & 0xf, 16);
    }
  }

  /**
   * Whether a header says that its trace is not sampled, and would be written again just as it is.
   * False where it is not certain: then OpenTelemetry's reader has to be asked.
   */
  static boolean isTold(byte[] header) {
    return TraceId.isOne(header)
        && header[0] == '0'
        && header[1] == '0'
        && isId(header, TRACE_ID, SPAN_ID - 1)
        && isId(header, SPAN_ID, FLAGS - 1)
        && (Character.digit(header[FLAGS + 1], 16) & SAMPLED) == 0;
  }

  /** Not all zero. */
  private static boolean isId(byte[] header, int from, int to) {
    for (int at = from; at < to; at++) {
      if (header[at] != '0') {
        return true;
      }
    }
    return false;
  }
}
