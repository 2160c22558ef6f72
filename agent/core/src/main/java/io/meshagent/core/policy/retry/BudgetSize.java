package io.meshagent.core.policy.retry;

import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many retries and hedges there may be: a share of the calls, and so many a second. */
final class BudgetSize {

  private static final Pattern FORM =
      Pattern.compile("(?:(\\d{1,4})%)?(\\s*\\+\\s*)?(?:(\\d{1,7})/s)?");
  private static final int MOST_PERCENT = 400;
  private static final int MOST_PER_SECOND = 1_000_000;

  private final int percent;
  private final int perSecond;

  BudgetSize(int percent, int perSecond) {
    this.percent = percent;
    this.perSecond = perSecond;
  }

  static Type<BudgetSize> type() {
    return Types.simple(
        "budget", "0% to 400% + 0/s to 1000000/s", BudgetSize::parse, BudgetSize::toString);
  }

  private static Parsed<BudgetSize> parse(String text) {
    Matcher form = FORM.matcher(text);
    boolean both = form.matches() && form.group(1) != null && form.group(3) != null;
    boolean either = form.matches() && (form.group(1) != null || form.group(3) != null);
    if (!either || both != (form.group(2) != null)) {
      return Parsed.problem("is not a budget like 20% + 10/s, 20% or 10/s");
    }
    int percent = form.group(1) == null ? 0 : Integer.parseInt(form.group(1));
    int perSecond = form.group(3) == null ? 0 : Integer.parseInt(form.group(3));
    // Five attempts a call are four more than one.
    return percent > MOST_PERCENT || perSecond > MOST_PER_SECOND
        ? Parsed.problem("is more than " + MOST_PERCENT + "% or " + MOST_PER_SECOND + "/s")
        : Parsed.value(new BudgetSize(percent, perSecond));
  }

  /** Of a hundred calls. */
  int percent() {
    return percent;
  }

  int perSecond() {
    return perSecond;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BudgetSize
        && ((BudgetSize) other).percent == percent
        && ((BudgetSize) other).perSecond == perSecond;
  }

  @Override
  public int hashCode() {
    return percent * 31 + perSecond;
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    return percent + "% + " + perSecond + "/s";
  }
}
