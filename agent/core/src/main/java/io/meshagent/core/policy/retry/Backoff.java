package io.meshagent.core.policy.retry;

import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long retries wait: each a random part of an interval that begins with the first length and
 * grows by a factor up to the second. In one text, since neither means anything without the others.
 * Immutable.
 */
final class Backoff {

  /** {@code 50ms..1s}, and perhaps {@code x1.5}. */
  private static final Pattern FORM =
      Pattern.compile("([0-9a-z]{1,12})\\.\\.([0-9a-z]{1,12})(?:\\s+x(\\d{1,2}(?:\\.\\d{1,3})?))?");

  private static final Type<Duration> LENGTH =
      Types.duration(Duration.ofMillis(1), Duration.ofMinutes(5));
  private static final BigDecimal USUAL_FACTOR = BigDecimal.valueOf(2);
  private static final BigDecimal GREATEST_FACTOR = BigDecimal.TEN;

  private final Duration first;
  private final Duration most;
  private final BigDecimal factor;

  private Backoff(Duration first, Duration most, BigDecimal factor) {
    this.first = first;
    this.most = most;
    this.factor = factor;
  }

  static Type<Backoff> type() {
    return Types.simple(
        "backoff",
        "FIRST..MOST of 1ms to 5m, and xFACTOR of 1 to 10 (else 2)",
        Backoff::parse,
        Backoff::toString);
  }

  private static Parsed<Backoff> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Parsed.problem("is not a backoff like 50ms..1s or 50ms..1s x1.5");
    }
    Parsed<Duration> first = LENGTH.parse(form.group(1));
    Parsed<Duration> most = LENGTH.parse(form.group(2));
    if (first.isProblem() || most.isProblem()) {
      boolean isFirst = first.isProblem();
      return Parsed.problem(
          "has " + form.group(isFirst ? 1 : 2) + ", which " + (isFirst ? first : most).problem());
    }
    if (most.value().compareTo(first.value()) < 0) {
      return Parsed.problem("ends with less than it begins with");
    }
    BigDecimal factor = form.group(3) == null ? USUAL_FACTOR : new BigDecimal(form.group(3));
    return factor.compareTo(BigDecimal.ONE) < 0 || factor.compareTo(GREATEST_FACTOR) > 0
        ? Parsed.problem("has a factor outside 1 to 10")
        : Parsed.value(new Backoff(first.value(), most.value(), factor));
  }

  /** The most that the first retry waits. */
  Duration first() {
    return first;
  }

  /** The most that any retry waits. */
  Duration most() {
    return most;
  }

  double factor() {
    return factor.doubleValue();
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    String lengths = LENGTH.show(first) + ".." + LENGTH.show(most);
    return factor.compareTo(USUAL_FACTOR) == 0
        ? lengths
        : lengths + " x" + factor.stripTrailingZeros().toPlainString();
  }
}
