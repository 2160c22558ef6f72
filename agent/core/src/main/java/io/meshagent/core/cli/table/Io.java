package io.meshagent.core.cli.table;

import java.io.InputStream;
import java.io.PrintStream;

/** What a command reads and writes. Immutable. */
public final class Io {

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;

  public Io(InputStream in, PrintStream out, PrintStream err) {
    this.in = in;
    this.out = out;
    this.err = err;
  }

  public InputStream in() {
    return in;
  }

  public PrintStream out() {
    return out;
  }

  /** For what is no answer: why there is none. */
  public PrintStream err() {
    return err;
  }
}
