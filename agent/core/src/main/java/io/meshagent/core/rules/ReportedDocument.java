package io.meshagent.core.rules;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What one program says of one document that it has read. Immutable; holds what anybody wrote. */
public final class ReportedDocument {

  private final String name;
  private final long revision;
  private final String state;
  private final Long inForce;
  private final List<String> problems;

  private ReportedDocument(
      String name, long revision, String state, Long inForce, List<String> problems) {
    this.name = name;
    this.revision = revision;
    this.state = state;
    this.inForce = inForce;
    this.problems = Collections.unmodifiableList(problems);
  }

  /**
   * Reads one row of a report, as {@link Documents} writes it.
   *
   * @param mostProblems those that are kept
   * @throws RuntimeException if it is none
   */
  public static ReportedDocument of(JsonObject row, int mostProblems) {
    JsonElement inForce = row.get("in force");
    List<String> problems = new ArrayList<>();
    for (JsonElement each : row.getAsJsonArray("problems")) {
      if (problems.size() < mostProblems) {
        problems.add(each.getAsString());
      }
    }
    return new ReportedDocument(
        row.get("document").getAsString(),
        row.get("revision").getAsLong(),
        row.get("state").getAsString(),
        inForce.isJsonNull() ? null : Long.valueOf(inForce.getAsLong()),
        problems);
  }

  public String name() {
    return name;
  }

  /** The last revision that it has read. */
  public long revision() {
    return revision;
  }

  public String state() {
    return state;
  }

  /** Whether it found mistakes in that. */
  public boolean isRefused() {
    return state.equals("refused");
  }

  /** The revision that counts there, be it an earlier one; null if none does. */
  public Long inForce() {
    return inForce;
  }

  /** The mistakes. */
  public List<String> problems() {
    return problems;
  }
}
