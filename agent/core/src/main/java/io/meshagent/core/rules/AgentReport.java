package io.meshagent.core.rules;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.meshagent.core.log.Printable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** What one program says of itself and of all documents, read from its report. Immutable. */
public final class AgentReport {

  private final String id;
  private final Map<String, Object> facts;
  private final List<String> refusals;
  private final String summary;

  private AgentReport(String id, Map<String, Object> facts, List<String> refusals, String summary) {
    this.id = id;
    this.facts = Collections.unmodifiableMap(facts);
    this.refusals = Collections.unmodifiableList(refusals);
    this.summary = summary;
  }

  /**
   * Reads a report, whoever wrote it.
   *
   * @param id whose it is
   * @param text as {@link Documents} writes it
   * @return null if it is no report
   */
  public static AgentReport of(String id, String text) {
    try {
      JsonObject report = JsonParser.parseString(text).getAsJsonObject();
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("id", id);
      for (String name : new String[] {"app", "version", "host", "agent"}) {
        JsonElement value = report.get(name);
        facts.put(name, value == null || value.isJsonNull() ? "" : value.getAsString());
      }
      List<Map<String, Object>> documents = new ArrayList<>();
      List<String> refusals = new ArrayList<>();
      StringJoiner summary = new StringJoiner(", ");
      for (JsonElement each : report.getAsJsonArray("documents")) {
        ReportedDocument of = ReportedDocument.of(each.getAsJsonObject(), Integer.MAX_VALUE);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("document", of.name());
        document.put("revision", of.revision());
        document.put("state", of.state());
        document.put("in force", of.inForce());
        documents.add(document);
        String state = of.isRefused() ? " refused" : of.inForce() != null ? "" : " not for it";
        summary.add(of.name() + "@" + of.revision() + state);
        if (of.isRefused()) {
          of.problems()
              .forEach(
                  problem ->
                      refusals.add(Printable.of(facts.get("app") + " " + id + ": " + problem)));
        }
      }
      facts.put("documents", documents);
      return new AgentReport(id, facts, refusals, summary.toString());
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | ClassCastException
        | UnsupportedOperationException
        | NumberFormatException e) {
      return null;
    }
  }

  /** What no other program has. */
  public String id() {
    return id;
  }

  /** Empty if it does not say it, as the following. */
  public String app() {
    return (String) facts.get("app");
  }

  public String version() {
    return (String) facts.get("version");
  }

  public String host() {
    return (String) facts.get("host");
  }

  /** The agent's version. */
  public String agent() {
    return (String) facts.get("agent");
  }

  /** Which revision of which document it has read, and whether that counts; for people. */
  public String summary() {
    return summary;
  }

  /** Whether it refuses one. */
  public boolean refuses() {
    return !refusals.isEmpty();
  }

  /** Why, line by line, fit for a terminal. */
  public List<String> refusals() {
    return refusals;
  }

  /** All of it, for JSON. */
  public Map<String, Object> facts() {
    return facts;
  }
}
