package io.meshagent.it.tools.ring;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What one test class cost. Confined to its listener, which locks around it. */
final class ClassCost {

  /** What the thread of the tests was seen doing, by call of the harness, in samples. */
  private final Map<String, Integer> samples = new TreeMap<>();

  private final String name;
  private final Thread thread;
  private final Map<String, Long> countsBefore;
  private final long began;
  private int tests;
  private int failures;

  ClassCost(String name, Thread thread, Map<String, Long> countsBefore, long began) {
    this.name = name;
    this.thread = thread;
    this.countsBefore = countsBefore;
    this.began = began;
  }

  Thread thread() {
    return thread;
  }

  void ended(boolean failed) {
    tests++;
    failures += failed ? 1 : 0;
  }

  void seenIn(StackTraceElement[] stack) {
    samples.merge(Where.of(name, stack), 1, Integer::sum);
  }

  /** One line: class, seconds, tests, failures, what was started, where the time went. */
  String line(Map<String, Long> counts, long now, double secondsPerSample) {
    StringBuilder started = new StringBuilder();
    counts.forEach(
        (what, count) -> {
          long added = count - countsBefore.getOrDefault(what, 0L);
          if (added > 0) {
            started.append(started.length() == 0 ? "" : ", ").append(added + " " + what);
          }
        });
    StringBuilder where = new StringBuilder();
    longest(samples, 12)
        .forEach(
            (site, count) ->
                where.append(
                    "%s%s %.1f"
                        .formatted(
                            where.length() == 0 ? "" : "; ", site, count * secondsPerSample)));
    return "%s\t%.1f\t%d\t%d\t%s\t%s"
        .formatted(name, (now - began) / 1e9, tests, failures, started, where);
  }

  private static Map<String, Integer> longest(Map<String, Integer> all, int most) {
    Map<String, Integer> sorted = new LinkedHashMap<>();
    all.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(most)
        .forEach(each -> sorted.put(each.getKey(), each.getValue()));
    return sorted;
  }
}
