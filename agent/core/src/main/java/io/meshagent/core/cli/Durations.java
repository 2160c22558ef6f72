package io.meshagent.core.cli;

import io.meshagent.core.cli.table.Misuse;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as options have them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}. Stateless. */
final class Durations {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private Durations() {}

  /**
   * Reads one.
   *
   * @param text null for none
   * @param otherwise milliseconds where there is none
   */
  static long millis(String text, long otherwise) throws Misuse {
    if (text == null) {
      return otherwise;
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new Misuse(text + " is no time; write it as 500ms, 30s, 5m or 2h.");
    }
    long number = Long.parseLong(form.group(1));
    switch (form.group(2)) {
      case "ms":
        return number;
      case "s":
        return TimeUnit.SECONDS.toMillis(number);
      case "m":
        return TimeUnit.MINUTES.toMillis(number);
      default:
        return TimeUnit.HOURS.toMillis(number);
    }
  }
}
