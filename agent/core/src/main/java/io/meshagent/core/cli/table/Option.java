package io.meshagent.core.cli.table;

/** A word that begins with two dashes, and perhaps the one after it. Immutable. */
final class Option {

  final String name;

  /** Null for one that takes none. */
  final String value;

  final String sentence;
  final boolean repeated;

  /**
   * @param name with its dashes
   * @param value what it takes, as help has it; null for nothing
   */
  Option(String name, String value, String sentence, boolean repeated) {
    this.name = name;
    this.value = value;
    this.sentence = sentence;
    this.repeated = repeated;
  }

  /** {@code --header NAME=VALUE}. */
  @Override
  public String toString() {
    return value == null ? name : name + " " + value;
  }
}
