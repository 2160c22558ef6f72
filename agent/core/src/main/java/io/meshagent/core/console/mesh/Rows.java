package io.meshagent.core.console.mesh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** As many rows of a table as people read, and how many there are. Stateless. */
final class Rows {

  static final int MOST = 200;

  private Rows() {}

  /**
   * Those that have a text somewhere, in the order they come in but for the first.
   *
   * @param wanted in any case of letters
   * @param first which are to stand before the others
   */
  static Map<String, Object> of(
      List<Map<String, Object>> rows, String wanted, Predicate<Map<String, Object>> first) {
    String text = wanted.toLowerCase(Locale.ROOT);
    List<Map<String, Object>> before = new ArrayList<>();
    List<Map<String, Object>> after = new ArrayList<>();
    for (Map<String, Object> row : rows) {
      if (text.isEmpty() || row.values().stream().anyMatch(value -> has(value, text))) {
        (first.test(row) ? before : after).add(row);
      }
    }
    before.addAll(after);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("all", rows.size());
    facts.put("found", before.size());
    facts.put("rows", before.subList(0, Math.min(MOST, before.size())));
    return facts;
  }

  private static boolean has(Object value, String text) {
    String shown = value instanceof Object[] ? Arrays.toString((Object[]) value) : "" + value;
    return shown.toLowerCase(Locale.ROOT).contains(text);
  }
}
