package io.meshagent.core.policy.route;

/** A text is no rule; the message is what to say after the text, and begins with a verb. */
final class RuleSyntaxException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * @param where the index in the text, from 0
   */
  RuleSyntaxException(int clause, int where, String problem) {
    super("is no rule: clause " + clause + ", character " + (where + 1) + ", " + problem);
  }

  /** Of the text as a whole. */
  RuleSyntaxException(String message) {
    super(message);
  }
}
