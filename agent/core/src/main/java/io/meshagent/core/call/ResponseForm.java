package io.meshagent.core.call;

/**
 * A response as an operator writes it, which becomes a message only by the program's own protobuf.
 * Immutable; equal only to itself, so that an adapter reads each once for a method.
 */
public final class ResponseForm {

  /** How it is written. */
  public enum Kind {
    /** The message without any field set. */
    DEFAULT,
    /** Protobuf's JSON. */
    JSON,
    /** Protobuf's text format. */
    TEXT
  }

  private final Kind kind;
  private final String text;
  private final String setting;

  /**
   * @param setting where it is written, for people
   */
  public ResponseForm(Kind kind, String text, String setting) {
    this.kind = kind;
    this.text = text;
    this.setting = setting;
  }

  public Kind kind() {
    return kind;
  }

  /** What was written; empty for {@link Kind#DEFAULT}. */
  public String text() {
    return text;
  }

  /** {@code client.fallback@helloworld.Greeter}. */
  public String setting() {
    return setting;
  }
}
