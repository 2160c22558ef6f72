package io.meshagent.core.config;

/**
 * What came of reading a text: a value, or the sentence that says why not; both, if a part of the
 * text could be read. Immutable.
 */
public final class Parsed<T> {

  private final T value;
  private final String problem;

  private Parsed(T value, String problem) {
    this.value = value;
    this.problem = problem;
  }

  public static <T> Parsed<T> value(T value) {
    return new Parsed<>(value, null);
  }

  /**
   * The text could not be read.
   *
   * @param predicate what to say after the text, beginning with a verb: {@code is not a number}
   */
  public static <T> Parsed<T> problem(String predicate) {
    return new Parsed<>(null, predicate);
  }

  /**
   * Some of the text could be read, and that counts.
   *
   * @param problem as for {@link #problem(String)}, of the rest
   */
  static <T> Parsed<T> partly(T value, String problem) {
    return new Parsed<>(value, problem);
  }

  /** Whether there is no value. */
  public boolean isProblem() {
    return value == null;
  }

  /** The value; null if this is a problem. */
  public T value() {
    return value;
  }

  /** Begins with a verb; null if nothing is wrong. */
  public String problem() {
    return problem;
  }
}
