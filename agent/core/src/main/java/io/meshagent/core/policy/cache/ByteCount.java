package io.meshagent.core.policy.cache;

import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** So many bytes: {@code 16m}, {@code 512k}, {@code 1g}, or a number of them. Immutable. */
public final class ByteCount {

  private static final Pattern FORM = Pattern.compile("(\\d{1,10})([kmg]?)");
  private static final String UNITS = "kmg";
  private static final int STEP = 1024;

  public final long bytes;

  private ByteCount(long bytes) {
    this.bytes = bytes;
  }

  static Type<ByteCount> type(long least, long most) {
    String range = new ByteCount(least) + " to " + new ByteCount(most);
    return Types.simple(
        "bytes",
        range,
        text -> {
          Matcher form = FORM.matcher(text);
          if (!form.matches()) {
            return Parsed.problem("is not a number of bytes like 16m, 512k or 1g");
          }
          long bytes = Long.parseLong(form.group(1));
          for (int i = form.group(2).isEmpty() ? 0 : UNITS.indexOf(form.group(2)) + 1; i > 0; i--) {
            bytes *= STEP;
          }
          return bytes < least || bytes > most
              ? Parsed.problem("is outside " + range)
              : Parsed.value(new ByteCount(bytes));
        },
        ByteCount::toString);
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    long left = bytes;
    int unit = 0;
    while (unit < UNITS.length() && left > 0 && left % STEP == 0) {
      left /= STEP;
      unit++;
    }
    return left + (unit == 0 ? "" : UNITS.substring(unit - 1, unit));
  }
}
