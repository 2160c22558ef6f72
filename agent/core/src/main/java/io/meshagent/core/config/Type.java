package io.meshagent.core.config;

/** The type of a key: how its text is read, and how its values are shown. Stateless. */
public interface Type<T> {

  /** One word for tables: {@code duration}. */
  String word();

  /** The smallest and largest value for tables, {@code 1 to 100}; empty if there is no such. */
  String range();

  /** Reads a text without spaces around it. */
  Parsed<T> parse(String text);

  /** Writes a value in a form that {@link #parse} reads. */
  String show(T value);
}
