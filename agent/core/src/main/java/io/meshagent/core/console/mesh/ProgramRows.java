package io.meshagent.core.console.mesh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The programs with an agent that says something of itself, those that refuse something first. */
final class ProgramRows {

  private ProgramRows() {}

  /**
   * Facts for the page.
   *
   * @param wanted what has to stand somewhere in a row; empty for anything
   */
  static Map<String, Object> of(MeshMirror mesh, String wanted) {
    return mesh.look(() -> rows(mesh, wanted));
  }

  private static Map<String, Object> rows(MeshMirror mesh, String wanted) {
    Map<String, Map<String, Object>> byId = new TreeMap<>();
    for (CallsOfProgram calls : mesh.calls()) {
      Map<String, Object> row = row(calls.program);
      row.put("says how its calls go", "yes");
      byId.put(calls.program.id, row);
    }
    for (ReportOfProgram report : mesh.reports()) {
      Map<String, Object> row =
          byId.computeIfAbsent(report.program.id, unused -> row(report.program));
      List<String> inForce = new ArrayList<>();
      List<String> refused = new ArrayList<>();
      new TreeMap<>(report.documents)
          .forEach(
              (name, of) -> {
                if (of.inForce() != null) {
                  inForce.add(name + " (" + of.revision() + ")");
                }
                if (of.isRefused()) {
                  refused.add(
                      name + " (" + of.revision() + "): " + String.join(" ", of.problems()));
                }
              });
      row.put("documents in force", inForce.toArray());
      row.put("refuses", refused.toArray());
    }
    return Rows.of(
        new ArrayList<>(byId.values()), wanted, row -> ((Object[]) row.get("refuses")).length > 0);
  }

  private static Map<String, Object> row(Program program) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("app", program.app);
    row.put("version", program.version);
    row.put("zone", program.zone);
    row.put("agent", program.agent);
    row.put("admin", program.admin);
    row.put("documents in force", new Object[0]);
    row.put("refuses", new Object[0]);
    row.put("says how its calls go", "no");
    row.put("id", program.id);
    return row;
  }
}
