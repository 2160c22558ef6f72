package io.meshagent.core.policy.route;

/**
 * Reads a rule from left to right. What stands in quotes is a value as it is, with a quote written
 * twice. For one thread.
 */
final class RuleText {

  static final char QUOTE = '"';
  private static final String ARROW = "->";

  private final String text;
  private int at;
  private int clause = 1;

  RuleText(String text) {
    this.text = text;
  }

  /** A value, and whether it stood in quotes. */
  static final class Value {
    final String text;
    final int where;
    final boolean quoted;

    private Value(String text, int where, boolean quoted) {
      this.text = text;
      this.where = where;
      this.quoted = quoted;
    }
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  /** Whether nothing follows but blanks. */
  boolean isOver() {
    skipBlanks();
    return at == text.length();
  }

  /** Takes a sign if it comes next. */
  boolean takes(char sign) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == sign) {
      at++;
      return true;
    }
    return false;
  }

  boolean takesArrow() {
    skipBlanks();
    if (text.startsWith(ARROW, at)) {
      at += ARROW.length();
      return true;
    }
    return false;
  }

  /** The next clause begins. */
  void nextClause() {
    clause++;
  }

  /** Where the next sign stands. */
  int where() {
    skipBlanks();
    return at;
  }

  /** All up to one of the signs, the arrow or the end, without blanks around it. */
  String word(String signs) {
    skipBlanks();
    int begin = at;
    while (at < text.length()
        && signs.indexOf(text.charAt(at)) < 0
        && !text.startsWith(ARROW, at)) {
      at++;
    }
    return text.substring(begin, at).trim();
  }

  /** A value, in quotes or up to one of the signs. */
  Value value(String signs) throws RuleSyntaxException {
    int begin = where();
    if (!takes(QUOTE)) {
      return new Value(word(signs), begin, false);
    }
    StringBuilder value = new StringBuilder();
    while (at < text.length()) {
      char each = text.charAt(at++);
      if (each != QUOTE) {
        value.append(each);
      } else if (at < text.length() && text.charAt(at) == QUOTE) {
        value.append(QUOTE);
        at++;
      } else {
        return new Value(value.toString(), begin, true);
      }
    }
    throw problem(begin, "has a quote that does not end");
  }

  RuleSyntaxException problem(String what) {
    return problem(where(), what);
  }

  RuleSyntaxException problem(int where, String what) {
    return new RuleSyntaxException(clause, where, what);
  }
}
