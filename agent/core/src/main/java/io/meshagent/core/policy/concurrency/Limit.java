package io.meshagent.core.policy.concurrency;

import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;

/** How many calls may be under way at once: a number, one that is found out, or any. Immutable. */
public final class Limit {

  /** Any number of calls. */
  public static final Limit OFF = new Limit(0);

  /** As many as the calls' own times say. */
  public static final Limit ADAPTIVE = new Limit(-1);

  private static final int GREATEST = 1_000_000;

  private final int number;

  private Limit(int number) {
    this.number = number;
  }

  static Type<Limit> type() {
    Type<Integer> number = Types.number(1, GREATEST);
    return Types.simple(
        "limit",
        "off, adaptive, 1 to " + GREATEST,
        text -> {
          if (text.equals("off") || text.equals("0")) {
            return Parsed.value(OFF);
          }
          if (text.equals("adaptive")) {
            return Parsed.value(ADAPTIVE);
          }
          Parsed<Integer> parsed = number.parse(text);
          return parsed.isProblem()
              ? Parsed.problem("is not a number of calls from 1 to " + GREATEST + ", adaptive, off")
              : Parsed.value(new Limit(parsed.value()));
        },
        Limit::toString);
  }

  public boolean isOff() {
    return number == OFF.number;
  }

  /** Whether the number is found out while calls flow. */
  public boolean isAdaptive() {
    return number == ADAPTIVE.number;
  }

  /** The number that was written; counts only if this is neither of the others. */
  public int number() {
    return number;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Limit && ((Limit) other).number == number;
  }

  @Override
  public int hashCode() {
    return number;
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    return isOff() ? "off" : isAdaptive() ? "adaptive" : Integer.toString(number);
  }
}
