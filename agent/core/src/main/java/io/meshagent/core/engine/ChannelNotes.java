package io.meshagent.core.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the calls of the program's channels go, by target, for people: what was said last of a
 * channel for that target. Thread-safe; nothing waits under its lock.
 */
final class ChannelNotes {

  /** Programs may make up targets; those that were heard of last are kept. */
  private static final int MOST = 100;

  private static final int LONGEST = 300;

  /** Guarded by this. Null stands for calls that are rerouted. */
  private final Map<String, String> byTarget =
      new LinkedHashMap<String, String>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST;
        }
      };

  /**
   * @param leftAloneBecause null if calls go to instances of the directory
   */
  synchronized void note(String target, String leftAloneBecause) {
    byTarget.put(shortened(target), leftAloneBecause);
  }

  private static String shortened(String target) {
    return target.length() <= LONGEST ? target : target.substring(0, LONGEST) + "…";
  }

  /** One row per target, the last one first heard of at the end. */
  synchronized List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    byTarget.forEach(
        (target, why) -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("target", target);
          row.put("calls go to", why == null ? "registered instances" : "its own target");
          row.put("because", why == null ? "" : why);
          rows.add(row);
        });
    return rows;
  }
}
