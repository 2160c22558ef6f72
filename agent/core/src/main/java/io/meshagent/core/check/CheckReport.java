package io.meshagent.core.check;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonSyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that was seen, in the order in which it is told. Immutable. */
public final class CheckReport {

  static final String PROGRAM = "program";

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  private final List<Finding> findings;
  private final long millis;

  CheckReport(List<Finding> findings, long millis) {
    this.findings = Collections.unmodifiableList(new ArrayList<>(findings));
    this.millis = millis;
  }

  /**
   * Reads what {@link #facts} has told.
   *
   * @return null if the text is none
   */
  public static CheckReport parse(String json) {
    try {
      Map<?, ?> facts = GSON.fromJson(json, Map.class);
      Object looks = facts == null ? null : facts.get("looks");
      Object millis = facts == null ? null : facts.get("millis");
      if (!(looks instanceof List) || !(millis instanceof Number)) {
        return null;
      }
      List<Finding> findings = new ArrayList<>();
      for (Object each : (List<?>) looks) {
        Finding finding = each instanceof Map ? Finding.of((Map<?, ?>) each) : null;
        if (finding != null) {
          findings.add(finding);
        }
      }
      return new CheckReport(findings, ((Number) millis).longValue());
    } catch (JsonSyntaxException e) {
      return null;
    }
  }

  /** Of something that could not be looked at, for people a sentence without its full stop. */
  public static CheckReport impossible(String why) {
    return new CheckReport(Collections.singletonList(Finding.wrong(PROGRAM, why, null)), 0);
  }

  public List<Finding> findings() {
    return findings;
  }

  /** How many have this mark. */
  public int count(Finding.Mark mark) {
    return (int) findings.stream().filter(finding -> finding.mark() == mark).count();
  }

  public boolean isGood() {
    return count(Finding.Mark.WRONG) == 0;
  }

  /**
   * For programs; the shape is described in the docs and stays.
   *
   * @param of what was checked: a file, or {@code pid 4711}
   */
  public Map<String, Object> facts(String of) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("ok", isGood());
    facts.put("of", of);
    facts.put("millis", millis);
    List<Map<String, Object>> looks = new ArrayList<>();
    findings.forEach(finding -> looks.add(finding.facts()));
    facts.put("looks", looks);
    return facts;
  }

  /** The same as a text. */
  public String json(String of) {
    return GSON.toJson(facts(of));
  }
}
