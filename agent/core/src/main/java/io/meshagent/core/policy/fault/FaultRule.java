package io.meshagent.core.policy.fault;

import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What goes wrong with a share of calls: {@code delay 200ms 10%; abort UNAVAILABLE 5%}. Clauses are
 * drawn in their order, each by itself; delays add up until the first abort. Immutable.
 */
public final class FaultRule {

  /** Nothing goes wrong. */
  public static final FaultRule OFF = new FaultRule(Collections.emptyList());

  private static final int LONGEST_TEXT = 1_000;
  private static final int MOST_CLAUSES = 10;
  private static final int LONGEST_QUOTE = 60;

  private final List<Fault> faults;

  private FaultRule(List<Fault> faults) {
    this.faults = faults;
  }

  /** What was drawn for one call. */
  static final class Drawn {
    final long delayNanos;

    /** Null if it only comes later. */
    final Fault abort;

    private Drawn(long delayNanos, Fault abort) {
      this.delayNanos = delayNanos;
      this.abort = abort;
    }
  }

  static Type<FaultRule> type() {
    return Types.simple(
        "faults",
        "off, or delay TIME SHARE%; abort STATUS SHARE%",
        FaultRule::parse,
        FaultRule::toString);
  }

  private static Parsed<FaultRule> parse(String text) {
    if (text.length() > LONGEST_TEXT) {
      return Parsed.problem("is longer than " + LONGEST_TEXT + " characters");
    }
    if (text.trim().equals("off")) {
      return Parsed.value(OFF);
    }
    String[] clauses = text.split(";", -1);
    if (clauses.length > MOST_CLAUSES) {
      return Parsed.problem("has more than " + MOST_CLAUSES + " clauses");
    }
    List<Fault> faults = new ArrayList<>();
    Duration delays = Duration.ZERO;
    for (int i = 0; i < clauses.length; i++) {
      String clause = clauses[i].trim();
      Parsed<Fault> fault = Fault.parse(clause);
      if (fault.isProblem()) {
        return Parsed.problem(
            "is wrong: clause " + (i + 1) + ", '" + quoted(clause) + "', " + fault.problem());
      }
      faults.add(fault.value());
      delays = fault.value().isDelay() ? delays.plus(fault.value().delay()) : delays;
    }
    return delays.compareTo(Fault.LONGEST_DELAY) > 0
        ? Parsed.problem("has delays of more than 60s together")
        : Parsed.value(new FaultRule(Collections.unmodifiableList(faults)));
  }

  private static String quoted(String clause) {
    return clause.length() <= LONGEST_QUOTE ? clause : clause.substring(0, LONGEST_QUOTE) + "…";
  }

  public boolean isOff() {
    return faults.isEmpty();
  }

  /** What happens to one call; null for nothing, which allocates nothing. */
  Drawn draw(Random random) {
    long nanos = 0;
    for (int i = 0; i < faults.size(); i++) {
      Fault fault = faults.get(i);
      if (fault.isDrawn(random)) {
        if (!fault.isDelay()) {
          return new Drawn(nanos, fault);
        }
        nanos += fault.delay().toNanos();
      }
    }
    return nanos == 0 ? null : new Drawn(nanos, null);
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    return isOff() ? "off" : faults.stream().map(Fault::toString).collect(Collectors.joining("; "));
  }
}
