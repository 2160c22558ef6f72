package io.meshagent.core.route.rule;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.TextHash;
import java.math.BigDecimal;

/**
 * A part of the calls. Where a call is part of a trace the trace decides, so that all programs that
 * it comes through take the same side if they are told the same share; a greater share holds all
 * that a smaller one does. Else chance decides, once for a call. Immutable.
 */
public final class Share {

  private static final String TRACEPARENT = "traceparent";
  private static final BigDecimal ALL = BigDecimal.valueOf(100);

  /** Where the id of a trace stands: {@code 00-<32 digits>-<16 digits>-01}. */
  private static final int ID_BEGIN = 3;

  private static final int ID_END = 35;
  private static final double UNIT = 0x1.0p-53;

  private final BigDecimal percent;
  private final double from;
  private final double below;

  /**
   * @param before how many percent other shares of the same calls have taken already
   */
  public Share(BigDecimal percent, BigDecimal before) {
    this.percent = percent;
    this.from = before.divide(ALL).doubleValue();
    this.below = before.add(percent).divide(ALL).doubleValue();
  }

  /** Whether a call has a trace by which it is decided, and not by chance. */
  public static boolean isDecided(Attempt attempt) {
    return isTrace(attempt.header(TRACEPARENT));
  }

  private static boolean isTrace(String trace) {
    return trace != null && trace.length() >= ID_END && trace.charAt(ID_BEGIN - 1) == '-';
  }

  /** Whether a call is in it. */
  public boolean holds(Attempt attempt) {
    double place = place(attempt);
    return place >= from && place < below;
  }

  /** From 0 to 1, and the same for all attempts of a call. */
  private static double place(Attempt attempt) {
    String trace = attempt.header(TRACEPARENT);
    return isTrace(trace)
        ? (TextHash.spread(TextHash.of(trace, ID_BEGIN, ID_END)) >>> 11) * UNIT
        : attempt.chance();
  }

  /** As it would be written in a rule. */
  @Override
  public String toString() {
    return percent.stripTrailingZeros().toPlainString() + "%";
  }
}
