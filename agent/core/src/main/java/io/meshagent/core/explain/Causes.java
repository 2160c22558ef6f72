package io.meshagent.core.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What speaks against the calls of a method, each once and the worst first. For one thread. */
final class Causes {

  /** Of more nobody would read. */
  private static final int MOST = 20;

  private final Map<String, String> kinds = new LinkedHashMap<>();

  /**
   * One more.
   *
   * @param kind for programs
   * @param sentence for people
   */
  void add(String kind, String sentence) {
    if (kinds.size() < MOST) {
      kinds.putIfAbsent(sentence, kind);
    }
  }

  /** A row of what became of documents: one that is refused may be what calls miss. */
  void document(Map<String, Object> row) {
    if (!"refused".equals(row.get("state"))) {
      return;
    }
    StringBuilder problems = new StringBuilder();
    for (Object each : (List<?>) row.get("problems")) {
      problems.append(' ').append(each);
    }
    Object before = row.get("in force");
    add(
        "refused-document",
        "Document "
            + row.get("document")
            + " (revision "
            + row.get("revision")
            + ") is refused, so "
            + (before == null ? "nothing that it says is" : "revision " + before + " of it stays")
            + " in force here:"
            + problems);
  }

  List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    kinds.forEach(
        (sentence, kind) -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("kind", kind);
          row.put("cause", sentence);
          rows.add(row);
        });
    return rows;
  }
}
