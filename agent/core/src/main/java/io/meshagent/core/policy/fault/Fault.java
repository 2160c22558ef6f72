package io.meshagent.core.policy.fault;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.meshagent.core.api.Code;
import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One clause of a rule: {@code delay 200ms 10%} or {@code abort UNAVAILABLE 5%}. Immutable.
 *
 * @see FaultRule
 */
final class Fault {

  static final Duration LONGEST_DELAY = ofSeconds(60);

  private static final Type<Duration> DELAY = Types.duration(ofMillis(1), LONGEST_DELAY);

  private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,2})?)%");
  private static final int ALL = 10_000;

  /** Null for an abort. */
  private final Duration delay;

  /** Null for a delay. */
  private final Code code;

  /** In hundredths of a percent. */
  private final int share;

  private Fault(Duration delay, Code code, int share) {
    this.delay = delay;
    this.code = code;
    this.share = share;
  }

  /** What was written between semicolons, without blanks around it. */
  static Parsed<Fault> parse(String clause) {
    String[] words = clause.split("\\s+", -1);
    if (words.length != 3 || !(words[0].equals("delay") || words[0].equals("abort"))) {
      return Parsed.problem("is neither 'delay 200ms 10%' nor 'abort UNAVAILABLE 5%'");
    }
    int share = share(words[2]);
    if (share == 0) {
      return Parsed.problem("has no share of calls from 0.01% to 100% at its end");
    }
    if (words[0].equals("delay")) {
      Parsed<Duration> delay = DELAY.parse(words[1]);
      return delay.isProblem()
          ? Parsed.problem("has a delay that " + delay.problem())
          : Parsed.value(new Fault(delay.value(), null, share));
    }
    Code code = code(words[1]);
    return code == null
        ? Parsed.problem("has no status to fail with, like UNAVAILABLE, after 'abort'")
        : Parsed.value(new Fault(null, code, share));
  }

  private static int share(String text) {
    Matcher form = SHARE.matcher(text);
    if (!form.matches()) {
      return 0;
    }
    int hundredths = new BigDecimal(form.group(1)).movePointRight(2).intValueExact();
    return hundredths > ALL ? 0 : hundredths;
  }

  private static Code code(String text) {
    for (Code code : Code.values()) {
      if (code != Code.OK && code.name().equals(text.toUpperCase(Locale.ROOT))) {
        return code;
      }
    }
    return null;
  }

  boolean isDelay() {
    return delay != null;
  }

  /** Of a delay. */
  Duration delay() {
    return delay;
  }

  /** Of an abort. */
  Code code() {
    return code;
  }

  /** Whether it happens to a call: each clause and call by itself. */
  boolean isDrawn(Random random) {
    return share == ALL || random.nextInt(ALL) < share;
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    String percent = BigDecimal.valueOf(share, 2).stripTrailingZeros().toPlainString();
    return (isDelay() ? "delay " + DELAY.show(delay) : "abort " + code) + " " + percent + "%";
  }
}
