package io.meshagent.core.console.mesh;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one program says of the documents that it has read. Immutable. */
final class ReportOfProgram {

  private static final int MOST_DOCUMENTS = 256;
  private static final int MOST_PROBLEMS = 20;

  /** What became of one document. */
  static final class Row {
    final long revision;
    final boolean refused;
    final boolean inForce;
    final List<String> problems;

    private Row(JsonObject json) {
      this.revision = json.get("revision").getAsLong();
      this.refused = Facts.text(json, "state").equals("refused");
      this.inForce = !Facts.text(json, "in force").isEmpty();
      List<String> told = new ArrayList<>();
      for (JsonElement each : json.getAsJsonArray("problems")) {
        if (told.size() < MOST_PROBLEMS) {
          told.add(each.getAsString());
        }
      }
      this.problems = Collections.unmodifiableList(told);
    }
  }

  final Program program;

  /** By name. */
  final Map<String, Row> documents = new HashMap<>();

  private ReportOfProgram(JsonObject json, String id) {
    this.program = Program.of(json, id);
    for (JsonElement each : json.getAsJsonArray("documents")) {
      JsonObject row = each.getAsJsonObject();
      if (documents.size() < MOST_DOCUMENTS) {
        documents.put(Facts.text(row, "document"), new Row(row));
      }
    }
  }

  /** Null if the text is none. */
  static ReportOfProgram of(String id, String text) {
    return Facts.read(text, json -> new ReportOfProgram(json, id));
  }
}
