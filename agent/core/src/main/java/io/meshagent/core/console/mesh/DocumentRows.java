package io.meshagent.core.console.mesh;

import io.meshagent.core.rules.ReportedDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The documents, and what programs say of each. */
final class DocumentRows {

  private static final int MOST_PROBLEMS = 5;

  private DocumentRows() {}

  /** Facts for the page. */
  static Map<String, Object> of(MeshMirror mesh) {
    return mesh.look(() -> rows(mesh));
  }

  private static Map<String, Object> rows(MeshMirror mesh) {
    List<ReportOfProgram> reports = mesh.reports();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (StoredDocument each : new TreeMap<>(mesh.documents()).values()) {
      rows.add(row(each, reports));
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("programs", reports.size());
    facts.put("rows", rows);
    return facts;
  }

  private static Map<String, Object> row(StoredDocument document, List<ReportOfProgram> reports) {
    int inForce = 0;
    int refused = 0;
    int notMeant = 0;
    int silent = 0;
    Set<String> problems = new LinkedHashSet<>();
    for (ReportOfProgram report : reports) {
      ReportedDocument row = report.documents.get(document.name);
      if (row == null || row.revision() < document.revision) {
        silent++;
      } else if (row.isRefused()) {
        refused++;
        row.problems().stream()
            .limit(MOST_PROBLEMS)
            .filter(problem -> problems.size() < MOST_PROBLEMS)
            .forEach(problems::add);
      } else if (row.inForce() != null) {
        inForce++;
      } else {
        notMeant++;
      }
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("document", document.name);
    facts.put("revision", document.revision);
    facts.put("for", document.audience);
    facts.put("in force", inForce);
    facts.put("not for", notMeant);
    facts.put("not read yet", silent);
    facts.put("refused", refused);
    facts.put("problems", problems);
    return facts;
  }
}
