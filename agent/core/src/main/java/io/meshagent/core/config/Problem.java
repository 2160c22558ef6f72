package io.meshagent.core.config;

/** One thing that is wrong with the configuration, for people. Immutable. */
public final class Problem {

  private final String where;
  private final int line;
  private final String key;
  private final String sentence;

  Problem(String where, int line, String key, String sentence) {
    this.where = where;
    this.line = line;
    this.key = key;
    this.sentence = sentence;
  }

  /** The file, or {@code environment} or {@code system property}. */
  public String where() {
    return where;
  }

  /** The line in the file, counted from 1; 0 if it has none. */
  public int line() {
    return line;
  }

  /** The key as it was written, with its selector; empty if it is not about one. */
  public String key() {
    return key;
  }

  /** All of it in one line: where, what, and what happens now. Never holds a secret. */
  @Override
  public String toString() {
    return (line > 0 ? where + ":" + line : where) + ": " + sentence;
  }
}
