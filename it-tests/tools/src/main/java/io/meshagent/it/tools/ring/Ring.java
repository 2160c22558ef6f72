package io.meshagent.it.tools.ring;

import io.meshagent.it.tools.Places;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How much of the tests runs: each ring is all of the one before and more. A test without a mark is
 * of the first ring; {@link Thorough} and {@link LongForm} move it out.
 */
public enum Ring {
  /** What a change can break, in minutes: {@code ./mvnw verify}. */
  FIRST,
  /** Everything in its short form: {@code -Pthorough}. */
  THOROUGH,
  /** Things take the time that they take in life, and the matrix is whole: {@code -Plong}. */
  LONG;

  private static final Ring RUNNING =
      valueOf(Places.setting("mesh.ring", "first").toUpperCase(Locale.ROOT));

  /** The ring of this run, by the system property {@code mesh.ring}. */
  public static Ring running() {
    return RUNNING;
  }

  /** Whether this run includes the ring. */
  public boolean runs() {
    return compareTo(RUNNING) <= 0;
  }

  /** The rows of a parameterized test in this run: those of every ring, and those of the others. */
  public static <T> Stream<T> rows(List<T> inEvery, List<T> fromThoroughOn) {
    return Stream.concat(
        inEvery.stream(), THOROUGH.runs() ? fromThoroughOn.stream() : Stream.empty());
  }
}
