package io.meshagent.it.tools.ring;

import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what tests start, for the report of their ring: {@code jvms}, {@code etcds}, {@code maven
 * runs}; and what those JVMs cost that tests end themselves, {@code ms of CPU}. All of one test JVM
 * together; the listener takes what was added while a class ran. Thread-safe.
 */
public final class Costs {

  private static final Map<String, Long> COUNTS = new TreeMap<>();

  private Costs() {}

  /** One more of these was started. */
  public static void count(String what) {
    add(what, 1);
  }

  /** So much more of something that is measured. */
  public static synchronized void add(String what, long amount) {
    COUNTS.merge(what, amount, Long::sum);
  }

  static synchronized Map<String, Long> snapshot() {
    return new TreeMap<>(COUNTS);
  }
}
