package io.meshagent.core.cli.table;

/** The words do not fit the command; the message is a sentence. */
public final class Misuse extends Exception {

  private static final long serialVersionUID = 1;

  public Misuse(String sentence) {
    super(sentence);
  }
}
