package io.meshagent.core.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time with its unit, {@code 300ms}, {@code 2s}, {@code 5m}, {@code 1h}. */
final class DurationType implements Type<Duration> {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9}) ?(ms|s|m|h)?");

  private final Duration least;
  private final Duration most;
  private final boolean offAllowed;
  private final boolean wholeSeconds;

  DurationType(Duration least, Duration most, boolean offAllowed, boolean wholeSeconds) {
    this.least = least;
    this.most = most;
    this.offAllowed = offAllowed;
    this.wholeSeconds = wholeSeconds;
  }

  @Override
  public String word() {
    return wholeSeconds ? "whole seconds" : "duration";
  }

  @Override
  public String range() {
    return (offAllowed ? "off, " : "") + show(least) + " to " + show(most);
  }

  @Override
  public Parsed<Duration> parse(String text) {
    if (text.equals("off") || text.equals("0")) {
      return bounded(Duration.ZERO);
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Parsed.problem("is not a duration like 300ms, 2s, 5m or 1h" + orOff());
    }
    if (form.group(2) == null) {
      return Parsed.problem("has no unit: write " + text + "ms, " + text + "s or " + text + "m");
    }
    return bounded(times(Long.parseLong(form.group(1)), form.group(2)));
  }

  private Parsed<Duration> bounded(Duration value) {
    if (value.isZero() && offAllowed) {
      return Parsed.value(value);
    }
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      return Parsed.problem("is outside " + show(least) + " to " + show(most) + orOff());
    }
    if (wholeSeconds && value.toMillis() % 1_000 != 0) {
      return Parsed.problem("is not in whole seconds like 10s");
    }
    return Parsed.value(value);
  }

  private String orOff() {
    return offAllowed ? ", or off" : "";
  }

  private static Duration times(long number, String unit) {
    switch (unit) {
      case "ms":
        return Duration.ofMillis(number);
      case "s":
        return Duration.ofSeconds(number);
      case "m":
        return Duration.ofMinutes(number);
      default:
        return Duration.ofHours(number);
    }
  }

  @Override
  public String show(Duration value) {
    if (value.isZero()) {
      return "off";
    }
    long millis = value.toMillis();
    if (millis % 1_000 != 0) {
      return millis + "ms";
    }
    if (millis % 60_000 != 0) {
      return millis / 1_000 + "s";
    }
    return millis % 3_600_000 != 0 ? millis / 60_000 + "m" : millis / 3_600_000 + "h";
  }
}
