package io.meshagent.core.rules;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.meshagent.core.log.Printable;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** What one program says of a document, read from its report. Immutable. */
public final class MemberReport {

  private final String program;
  private final long revision;
  private final boolean refused;
  private final boolean inForce;
  private final List<String> problems;

  private MemberReport(
      String program, long revision, boolean refused, boolean inForce, List<String> problems) {
    this.program = program;
    this.revision = revision;
    this.refused = refused;
    this.inForce = inForce;
    this.problems = Collections.unmodifiableList(problems);
  }

  /**
   * Reads a report, whoever wrote it.
   *
   * @param id whose it is
   * @param text as {@link Documents} writes it
   * @return with revision 0 where it does not name the document; null if it is no report
   */
  public static MemberReport of(String id, String text, String document) {
    try {
      JsonObject report = JsonParser.parseString(text).getAsJsonObject();
      String program = safe(report, "app") + " " + safe(report, "version") + " (" + safe(id) + ")";
      for (JsonElement each : report.getAsJsonArray("documents")) {
        JsonObject row = each.getAsJsonObject();
        if (row.get("document").getAsString().equals(FollowedDocument.shortened(document))) {
          return of(program, row);
        }
      }
      return new MemberReport(program, 0, false, false, Collections.emptyList());
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | ClassCastException
        | UnsupportedOperationException
        | NumberFormatException e) {
      return null;
    }
  }

  private static MemberReport of(String program, JsonObject row) {
    ReportedDocument document = ReportedDocument.of(row, Integer.MAX_VALUE);
    return new MemberReport(
        program,
        document.revision(),
        document.isRefused(),
        document.inForce() != null,
        document.problems().stream().map(MemberReport::safe).collect(Collectors.toList()));
  }

  private static String safe(JsonObject of, String name) {
    JsonElement value = of.get(name);
    return value == null || value.isJsonNull() ? "?" : safe(value.getAsString());
  }

  /** Nothing that a terminal would obey. */
  private static String safe(String text) {
    return Printable.of(text);
  }

  /** For people: application, version and what no other program has. */
  public String program() {
    return program;
  }

  /** The last revision of the document that it has read; 0 if none. */
  public long revision() {
    return revision;
  }

  /** Whether it found mistakes in that. */
  public boolean isRefused() {
    return refused;
  }

  /** Whether a revision of it counts there, be it an earlier one. */
  public boolean isInForce() {
    return inForce;
  }

  /** The mistakes. */
  public List<String> problems() {
    return problems;
  }
}
