package io.meshagent.it.programs;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Calls by the second in which they ended and by their status, of the last minutes: what a test
 * that failed shows of its load. Thread-safe.
 */
final class Timeline {

  private static final int MOST_SECONDS = 600;
  private static final TreeMap<Long, Map<String, Integer>> SECONDS = new TreeMap<>();

  private Timeline() {}

  /** A call ended now. */
  static synchronized void ended(String status) {
    long second = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
    SECONDS.computeIfAbsent(second, unused -> new TreeMap<>()).merge(status, 1, Integer::sum);
    while (SECONDS.size() > MOST_SECONDS) {
      SECONDS.pollFirstEntry();
    }
  }

  /** {@code 12:00:01 {OK a=99, UNAVAILABLE=1}; 12:00:02 …}, in universal time. */
  static synchronized String text() {
    StringBuilder text = new StringBuilder();
    SECONDS.forEach(
        (second, counts) ->
            text.append(text.length() == 0 ? "" : "; ")
                .append(
                    String.format(
                        "%02d:%02d:%02dZ ", second / 3600 % 24, second / 60 % 60, second % 60))
                .append(counts));
    return text.toString();
  }
}
