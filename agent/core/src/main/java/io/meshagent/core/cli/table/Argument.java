package io.meshagent.core.cli.table;

/** A word that a command takes by its place. Immutable. */
final class Argument {

  /** How often it may stand there. */
  enum Count {
    ONCE,
    /** Or not at all. */
    OPTIONAL,
    /** One or more: the last one of a command. */
    SEVERAL,
    /** None or more: the last one of a command. */
    ANY
  }

  final String name;
  final String sentence;
  final Count count;

  /**
   * @param name as help has it, {@code FILE}
   */
  Argument(String name, String sentence, Count count) {
    this.name = name;
    this.sentence = sentence;
    this.count = count;
  }

  boolean isNeeded() {
    return count == Count.ONCE || count == Count.SEVERAL;
  }

  boolean isRepeated() {
    return count == Count.SEVERAL || count == Count.ANY;
  }

  /** Whether the shell can help with it. */
  boolean isFile() {
    return name.startsWith("FILE");
  }

  /** {@code [key=value ...]}. */
  @Override
  public String toString() {
    String text = isRepeated() ? name + " ..." : name;
    return isNeeded() ? text : "[" + text + "]";
  }
}
