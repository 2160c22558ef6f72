package io.meshagent.core.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Other agents that the JVM would load: in the variables that it reads options from. */
final class AgentsLook implements Look {

  static final String NAME = "agents";

  /** What a JVM or its launcher takes options from. */
  static final List<String> VARIABLES =
      Arrays.asList("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  /** Without what follows the jar, which may be a secret. */
  private static final Pattern AGENT =
      Pattern.compile("-(?:javaagent|agentpath):\"?([^=\"\\s\\x00]+)");

  /** By the names of their files; all of them are in compatibility.md. */
  private static final Map<Pattern, String> TRIED = new LinkedHashMap<>();

  static {
    TRIED.put(Pattern.compile("opentelemetry-javaagent"), "OpenTelemetry's agent");
    TRIED.put(Pattern.compile("skywalking"), "SkyWalking's agent");
    TRIED.put(Pattern.compile("jacoco"), "JaCoCo");
    TRIED.put(Pattern.compile("dd-java-agent"), "Datadog's agent");
    TRIED.put(Pattern.compile("elastic-apm"), "Elastic's agent");
  }

  private final Map<String, String> words;

  /**
   * @param words command lines and the like, by where they stand
   */
  AgentsLook(Map<String, String> words) {
    this.words = new LinkedHashMap<>(words);
  }

  /** The variables of an environment that matter. */
  static Map<String, String> of(Map<String, String> environment) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String name : VARIABLES) {
      if (environment.get(name) != null) {
        found.put(name, environment.get(name));
      }
    }
    return found;
  }

  @Override
  public Finding late() {
    return Finding.hint(NAME, "nobody could tell which other agents there are", null);
  }

  @Override
  public void look(Consumer<Finding> told) {
    List<String> ours = new ArrayList<>();
    boolean others = false;
    for (Map.Entry<String, String> each : words.entrySet()) {
      Matcher agent = AGENT.matcher(each.getValue());
      while (agent.find()) {
        String file = agent.group(1);
        if (file.contains("mesh-agent")) {
          ours.add(each.getKey());
        } else {
          others = true;
          told.accept(found(file, each.getKey()));
        }
      }
    }
    if (ours.size() > 1) {
      told.accept(
          Finding.hint(
              NAME,
              "this agent is named more than once (" + String.join(", ", ours) + ")",
              "leave all but one out: the first counts, the others do nothing"));
    }
    if (!others) {
      told.accept(
          Finding.good(
              NAME,
              "no other agent is named in "
                  + String.join(", ", words.isEmpty() ? VARIABLES : words.keySet())));
    }
  }

  /**
   * What to say of one.
   *
   * @param where it was found
   */
  static Finding found(String agent, String where) {
    for (Map.Entry<Pattern, String> each : TRIED.entrySet()) {
      if (each.getKey().matcher(agent).find()) {
        return Finding.good(
            NAME, where + " brings " + each.getValue() + ", which was tried beside this one");
      }
    }
    return Finding.hint(
        NAME,
        where + " brings the agent " + agent + ", which was not tried beside this one",
        "try the program with both before you rely on it");
  }
}
