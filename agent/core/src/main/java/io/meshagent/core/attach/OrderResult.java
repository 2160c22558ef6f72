package io.meshagent.core.attach;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Properties;

/**
 * What became of an order, as it stands in the agent properties of the JVM that got it: these
 * belong to agents, the program does not see them, and they can be read by the attach API without a
 * file or a port that both sides reach. Immutable.
 */
public final class OrderResult {

  /** Whether this JVM is governed: {@code governed} or {@code released}; nothing if never asked. */
  public static final String STATE = "mesh-agent.state";

  public static final String GOVERNED = "governed";
  public static final String RELEASED = "released";

  private static final String KEY = "mesh-agent.answer.";

  /** The ids of the answers that are there, the latest last. */
  private static final String KEPT = "mesh-agent.answered";

  /** Several may be waiting for theirs at once; more would fill the memory of the program. */
  private static final int MOST_KEPT = 8;

  private final boolean good;
  private final String sentence;

  private OrderResult(boolean good, String sentence) {
    this.good = good;
    this.sentence = sentence;
  }

  static OrderResult done(String sentence) {
    return new OrderResult(true, sentence);
  }

  static OrderResult refused(String sentence) {
    return new OrderResult(false, sentence);
  }

  /** Takes the place of a much earlier answer, which somebody has read or nobody will. */
  void writeTo(Properties agentProperties, String id) {
    String before = agentProperties.getProperty(KEPT);
    Deque<String> kept = new ArrayDeque<>();
    if (before != null) {
      Collections.addAll(kept, before.split(" "));
    }
    kept.add(id);
    if (kept.size() > MOST_KEPT) {
      agentProperties.remove(KEY + kept.remove());
    }
    agentProperties.setProperty(KEPT, String.join(" ", kept));
    agentProperties.setProperty(KEY + id, (good ? "+" : "-") + sentence);
  }

  /** The answer to an order, or null if there is none yet. */
  public static OrderResult readFrom(Properties agentProperties, String id) {
    String text = agentProperties.getProperty(KEY + id);
    return text == null || text.isEmpty()
        ? null
        : new OrderResult(text.charAt(0) == '+', text.substring(1));
  }

  /** Whether what was asked for is so now. */
  public boolean isGood() {
    return good;
  }

  /** What follows {@code pid 123: }. */
  public String sentence() {
    return sentence;
  }
}
