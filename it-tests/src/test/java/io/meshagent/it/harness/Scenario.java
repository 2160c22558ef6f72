package io.meshagent.it.harness;

import io.meshagent.it.tools.Places;
import io.meshagent.it.tools.ring.Ring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * One row of the table of what a registry has to survive. It has a short form, and a long one in
 * the third ring that gives things the time that they take in life. What was measured is appended
 * to {@code it-tests/target/reliability.md}. For one thread.
 */
public final class Scenario {

  private static final Path REPORT = Places.target().resolve("reliability.md");

  private final String name;

  private Scenario(String name) {
    this.name = name;
  }

  /** The row's first column: what is done. */
  public static Scenario of(String name) {
    return new Scenario(name);
  }

  /** Whether this run is the long form. */
  public static boolean isLong() {
    return Ring.LONG.runs();
  }

  /** How long something lasts in this run. */
  public static Duration lasting(Duration inShort, Duration inLong) {
    return isLong() ? inLong : inShort;
  }

  /** How many in this run. */
  public static int times(int inShort, int inLong) {
    return isLong() ? inLong : inShort;
  }

  /**
   * How many, or how many a second: half of them in the first ring, where processors and not what
   * is promised say how long a test takes.
   */
  public static int many(int fromThoroughOn) {
    return Ring.THOROUGH.runs() ? fromThoroughOn : fromThoroughOn / 2;
  }

  /** Writes the row down: what was measured, with calls, failures and how long it took. */
  public void saw(String measured) {
    String row = "| " + name + " | " + (isLong() ? "long" : "short") + " | " + measured + " |\n";
    try {
      Files.writeString(REPORT, row, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
