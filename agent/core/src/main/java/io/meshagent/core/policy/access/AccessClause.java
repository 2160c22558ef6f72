package io.meshagent.core.policy.access;

import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Types;
import io.meshagent.core.config.Wildcards;
import java.util.ArrayList;
import java.util.List;

/**
 * One clause of a rule: {@code allow shop, cart-*} or {@code deny *}. Immutable.
 *
 * @see AccessRule
 */
final class AccessClause {

  private static final String CERTIFIED = "tls:";
  private static final String ANYBODY = "*";

  private final boolean allows;
  private final List<String> patterns;

  /** Who says who he is, or has proven it. */
  private final Wildcards named;

  /** Who has proven it. */
  private final Wildcards certified;

  private AccessClause(boolean allows, List<String> patterns) {
    this.allows = allows;
    this.patterns = patterns;
    List<String> bare = new ArrayList<>();
    List<String> proven = new ArrayList<>();
    for (String pattern : patterns) {
      if (pattern.startsWith(CERTIFIED)) {
        proven.add(pattern.substring(CERTIFIED.length()));
      } else {
        bare.add(pattern);
      }
    }
    this.named = wildcards(bare);
    this.certified = wildcards(proven);
  }

  private static Wildcards wildcards(List<String> patterns) {
    return Types.wildcards().parse(String.join(",", patterns)).value();
  }

  /** What was written between semicolons, without blanks around it. */
  static Parsed<AccessClause> parse(String clause) {
    String[] words = clause.split("\\s+", 2);
    if (words.length != 2 || !(words[0].equals("allow") || words[0].equals("deny"))) {
      return Parsed.problem("is neither 'allow shop, cart-*' nor 'deny *'");
    }
    List<String> patterns = new ArrayList<>();
    for (String item : words[1].split(",", -1)) {
      String pattern = item.trim();
      if (pattern.isEmpty() || pattern.equals(CERTIFIED)) {
        return Parsed.problem("has a comma or a tls: with no name behind it");
      }
      if (pattern.chars().anyMatch(each -> each <= ' ' || each > '~')) {
        return Parsed.problem("has a name with a blank in it, or with what can't be in a header");
      }
      patterns.add(pattern);
    }
    return Parsed.value(new AccessClause(words[0].equals("allow"), patterns));
  }

  boolean allows() {
    return allows;
  }

  int size() {
    return patterns.size();
  }

  /** Whether it makes a difference what callers say of themselves. */
  boolean needsNames() {
    return !named.patterns().isEmpty() && !named.patterns().contains(ANYBODY);
  }

  /**
   * Whether it speaks of a caller.
   *
   * @param proven whom its certificate names; empty without one
   * @param said what it says of itself, which counts where there is no certificate; or null
   */
  boolean isOf(List<String> proven, String said) {
    if (named.patterns().contains(ANYBODY)) {
      return true;
    }
    if (proven.isEmpty()) {
      return said != null && named.matches(said);
    }
    for (String name : proven) {
      if (named.matches(name) || certified.matches(name)) {
        return true;
      }
    }
    return false;
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    return (allows ? "allow " : "deny ") + String.join(", ", patterns);
  }
}
