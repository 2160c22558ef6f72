package io.meshagent.core.policy.access;

import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Who may call: {@code allow shop, cart-*; deny *}. The first clause that speaks of a caller
 * counts. Of whom none speaks is let in only by a rule that allows nobody by name, as in Istio's
 * and Envoy's rules: a list of those who may is a list of all who may. Immutable.
 */
public final class AccessRule {

  /** Everybody may. */
  static final AccessRule OFF = new AccessRule(Collections.emptyList());

  private static final int LONGEST_TEXT = 4_000;
  private static final int MOST_CLAUSES = 50;
  private static final int MOST_NAMES = 200;
  private static final int LONGEST_QUOTE = 60;

  private final List<AccessClause> clauses;
  private final boolean letsInOthers;

  private AccessRule(List<AccessClause> clauses) {
    this.clauses = clauses;
    this.letsInOthers = clauses.stream().noneMatch(AccessClause::allows);
  }

  static Type<AccessRule> type() {
    return Types.simple(
        "rule", "off, or allow NAMES; deny NAMES", AccessRule::parse, AccessRule::toString);
  }

  private static Parsed<AccessRule> parse(String text) {
    if (text.length() > LONGEST_TEXT) {
      return Parsed.problem("is longer than " + LONGEST_TEXT + " characters");
    }
    if (text.trim().equals("off")) {
      return Parsed.value(OFF);
    }
    String[] parts = text.split(";", -1);
    if (parts.length > MOST_CLAUSES) {
      return Parsed.problem("has more than " + MOST_CLAUSES + " clauses");
    }
    List<AccessClause> clauses = new ArrayList<>();
    int names = 0;
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i].trim();
      Parsed<AccessClause> clause = AccessClause.parse(part);
      if (clause.isProblem()) {
        return Parsed.problem(
            "is wrong: clause " + (i + 1) + ", '" + quoted(part) + "', " + clause.problem());
      }
      clauses.add(clause.value());
      names += clause.value().size();
    }
    return names > MOST_NAMES
        ? Parsed.problem("has more than " + MOST_NAMES + " names")
        : Parsed.value(new AccessRule(Collections.unmodifiableList(clauses)));
  }

  private static String quoted(String clause) {
    return clause.length() <= LONGEST_QUOTE ? clause : clause.substring(0, LONGEST_QUOTE) + "…";
  }

  public boolean isOff() {
    return clauses.isEmpty();
  }

  /** Whether it makes a difference what callers say of themselves. */
  boolean needsNames() {
    return clauses.stream().anyMatch(AccessClause::needsNames);
  }

  /**
   * Whether a caller may call.
   *
   * @param proven whom its certificate names; empty without one
   * @param said what it says of itself, which counts where there is no certificate; or null
   */
  boolean allows(List<String> proven, String said) {
    AccessClause clause = clause(proven, said);
    return clause == null ? letsInOthers : clause.allows();
  }

  /** The first clause that speaks of a caller; null if none does. As {@link #allows}. */
  AccessClause clause(List<String> proven, String said) {
    for (int i = 0; i < clauses.size(); i++) {
      if (clauses.get(i).isOf(proven, said)) {
        return clauses.get(i);
      }
    }
    return null;
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    return isOff()
        ? "off"
        : clauses.stream().map(AccessClause::toString).collect(Collectors.joining("; "));
  }
}
