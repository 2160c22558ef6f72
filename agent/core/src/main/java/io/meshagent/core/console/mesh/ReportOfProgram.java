package io.meshagent.core.console.mesh;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.meshagent.core.rules.ReportedDocument;
import java.util.HashMap;
import java.util.Map;

/** What one program says of the documents that it has read. Immutable. */
final class ReportOfProgram {

  private static final int MOST_DOCUMENTS = 256;
  private static final int MOST_PROBLEMS = 20;

  final Program program;

  /** By name. */
  final Map<String, ReportedDocument> documents = new HashMap<>();

  private ReportOfProgram(JsonObject json, String id) {
    this.program = Program.of(json, id);
    for (JsonElement each : json.getAsJsonArray("documents")) {
      if (documents.size() < MOST_DOCUMENTS) {
        ReportedDocument of = ReportedDocument.of(each.getAsJsonObject(), MOST_PROBLEMS);
        documents.put(of.name(), of);
      }
    }
  }

  /** Null if the text is none. */
  static ReportOfProgram of(String id, String text) {
    return Facts.read(text, json -> new ReportOfProgram(json, id));
  }
}
