package io.meshagent.core.call;

/**
 * Reads what the header {@code traceparent} of the W3C says, which may come from anybody.
 * Stateless.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">Trace Context</a>
 */
public final class TraceId {

  private static final int LENGTH = 55;
  private static final int SPAN = 36;
  private static final int FLAGS = 53;

  private TraceId() {}

  /** The trace, 32 hex digits; null if the header is not one. */
  public static String trace(String traceparent) {
    return isOne(traceparent) ? traceparent.substring(3, SPAN - 1) : null;
  }

  /** The span, 16 hex digits; null if the header is not one. */
  public static String span(String traceparent) {
    return isOne(traceparent) ? traceparent.substring(SPAN, FLAGS - 1) : null;
  }

  /** Whether somebody records it. */
  public static boolean isSampled(String traceparent) {
    return isOne(traceparent) && (Character.digit(traceparent.charAt(LENGTH - 1), 16) & 1) == 1;
  }

  /** Whether it has the form of one, of whatever version. */
  public static boolean isOne(String traceparent) {
    if (traceparent == null || traceparent.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      if (!fits(traceparent.charAt(i), i)) {
        return false;
      }
    }
    return true;
  }

  /** The same of the header's bytes. */
  public static boolean isOne(byte[] traceparent) {
    if (traceparent == null || traceparent.length != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      if (!fits(traceparent[i], i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether somebody records the trace of these bytes of a header. */
  public static boolean isSampled(byte[] traceparent) {
    return isOne(traceparent) && (Character.digit(traceparent[LENGTH - 1], 16) & 1) == 1;
  }

  private static boolean fits(int c, int at) {
    boolean hyphen = at == 2 || at == SPAN - 1 || at == FLAGS - 1;
    return hyphen ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }
}
