package io.meshagent.core.log;

import java.time.Instant;

/** One thing that was said. Immutable. */
public final class LogLine {

  private final Instant when;
  private final String level;
  private final String sentence;

  LogLine(Instant when, String level, String sentence) {
    this.when = when;
    this.level = level;
    this.sentence = sentence;
  }

  public Instant when() {
    return when;
  }

  /** As it is written: {@code info}, {@code warn}, {@code error}. */
  public String level() {
    return level;
  }

  /** Without control characters. */
  public String sentence() {
    return sentence;
  }
}
