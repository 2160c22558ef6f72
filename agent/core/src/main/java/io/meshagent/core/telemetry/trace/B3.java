package io.meshagent.core.telemetry.trace;

/**
 * Reads and writes Zipkin's ids, which may come from anybody. Stateless.
 *
 * @see <a href="https://github.com/openzipkin/b3-propagation">B3 Propagation</a>
 */
final class B3 {

  /** There are headers, and no trace can be read from them. */
  static final byte[] UNREADABLE = {};

  private static final int LONG_TRACE = 32;
  private static final int ID = 16;
  private static final String SHORT_TRACE_PADDING = "0000000000000000";

  /** Where they begin in W3C's header. */
  private static final int TRACE_AT = 3;

  private static final int SPAN_AT = 36;
  private static final int FLAGS_AT = 53;

  private B3() {}

  /**
   * W3C's header of the same meaning.
   *
   * @param sampled as OpenTelemetry reads it: what does not say yes says no
   * @return {@link #UNREADABLE} if the ids are none
   */
  static byte[] traceparent(String trace, String span, boolean sampled) {
    boolean known = trace.length() == LONG_TRACE || trace.length() == ID;
    if (!known || span.length() != ID || !isHex(trace) || !isHex(span)) {
      return UNREADABLE;
    }
    String padding = trace.length() == ID ? SHORT_TRACE_PADDING : "";
    return Propagation.bytes("00-" + padding + trace + "-" + span + (sampled ? "-01" : "-00"));
  }

  /** Nothing but that the trace is not to be recorded. */
  static byte[] denied() {
    return new NotSampled().header();
  }

  static boolean isSampled(String word) {
    return word != null && (word.equals("1") || word.equals("d") || word.equals("true"));
  }

  static boolean isDenied(String word) {
    return word != null && (word.equals("0") || word.equals("false"));
  }

  static String trace(String traceparent) {
    return traceparent.substring(TRACE_AT, SPAN_AT - 1);
  }

  static String span(String traceparent) {
    return traceparent.substring(SPAN_AT, FLAGS_AT - 1);
  }

  private static boolean isHex(String text) {
    boolean zero = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
      zero &= c == '0';
    }
    return !zero;
  }
}
