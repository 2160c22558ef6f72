package io.meshagent.core.console.mesh;

import io.meshagent.core.config.Drains;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The instances of the mesh, those that need a look first, and no more than people read. */
final class InstanceRows {

  private InstanceRows() {}

  /**
   * Facts for the page.
   *
   * @param of the application, or the service, whose instances are wanted; empty for all
   * @param wanted what has to stand somewhere in a row; empty for anything
   */
  static Map<String, Object> of(MeshMirror mesh, String of, String wanted) {
    return mesh.look(() -> rows(mesh, of, wanted));
  }

  private static Map<String, Object> rows(MeshMirror mesh, String of, String wanted) {
    Map<String, Map<String, Object>> byPlace = new TreeMap<>();
    Map<String, List<String>> complaints = complaints(mesh);
    for (HostedService each : mesh.hosted()) {
      boolean isMeant = of.isEmpty() || each.app().equals(of) || each.service.equals(of);
      if (isMeant && HostedService.isOfProgram(each.service)) {
        add(byPlace.computeIfAbsent(each.instance, unused -> row(each)), each, complaints);
      }
    }
    Drains drains = mesh.drains();
    byPlace.forEach(
        (place, row) -> {
          if (drains.of(place) != null) {
            row.put("standing", "drained");
            row.put("why", drains.note(place));
          }
        });
    List<Map<String, Object>> rows = new ArrayList<>(byPlace.values());
    rows.forEach(
        row -> {
          TreeSet<?> services = (TreeSet<?>) row.get("services");
          row.put("services", services.toArray());
        });
    return Rows.of(rows, wanted, row -> !row.get("why").equals(""));
  }

  /** By service and instance: why it gets no calls, and from how many programs. */
  private static Map<String, List<String>> complaints(MeshMirror mesh) {
    Map<String, List<String>> complaints = new HashMap<>();
    for (CallsOfProgram calls : mesh.calls()) {
      for (CallsOfProgram.Bad bad : calls.bad) {
        complaints
            .computeIfAbsent(bad.service + " " + bad.instance, unused -> new ArrayList<>())
            .add(bad.because);
      }
    }
    return complaints;
  }

  private static Map<String, Object> row(HostedService each) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("instance", each.instance);
    row.put("standing", each.isDraining() ? "draining" : "live");
    row.put("why", "");
    row.put("app", each.app());
    for (String name : new String[] {"version", "zone", "weight", "agent", "started", "admin"}) {
      row.put(name, each.fact(name));
    }
    row.put("services", new TreeSet<String>());
    return row;
  }

  @SuppressWarnings("unchecked")
  private static void add(
      Map<String, Object> row, HostedService each, Map<String, List<String>> complaints) {
    ((TreeSet<String>) row.get("services")).add(each.service);
    List<String> why = complaints.get(each.service + " " + each.instance);
    if (why != null) {
      row.put("standing", "left out");
      row.put(
          "why",
          "by "
              + why.size()
              + (why.size() == 1 ? " program: " : " programs, one says: ")
              + why.get(0));
    }
  }
}
