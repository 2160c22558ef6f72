package io.meshagent.it.tools;

import java.util.List;

/**
 * Fetches what scenarios of every ring need and the machine has not, while the build still compiles
 * and runs unit tests. Started by the build in a JVM of its own, which nobody waits for: a scenario
 * that comes before it is done waits for the one thing that it wants, and says what is wrong if it
 * can't be had.
 */
public final class FetchAhead {

  /** The oldest Java that programs run on; {@code EndToEndIT} has some on it. */
  private static final List<Integer> JDKS = List.of(8);

  private FetchAhead() {}

  /** Fails on nothing. */
  public static void main(String[] args) {
    for (int major : JDKS) {
      try {
        Jdks.home(major);
      } catch (IllegalStateException e) {
        Fetching.say(
            "Java " + major + " is not there yet: the scenario that needs it tries again.");
      }
    }
  }
}
