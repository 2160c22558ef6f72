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
      char c = traceparent.charAt(i);
      boolean hyphen = i == 2 || i == SPAN - 1 || i == FLAGS - 1;
      if (hyphen ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }
}
