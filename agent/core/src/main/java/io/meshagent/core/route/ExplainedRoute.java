package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where the calls of one method would go over one channel at one moment, and where not and why. For
 * people; immutable.
 */
public final class ExplainedRoute {

  private final String scheme;
  private final String keeps;
  private final List<Way> ways;

  /**
   * @param scheme that the channel speaks; null where it is not known
   * @param keeps what the channel's calls stay with instead, half a sentence; null for nothing
   */
  ExplainedRoute(String scheme, String keeps, List<Way> ways) {
    this.scheme = scheme;
    this.keeps = keeps;
    this.ways = Collections.unmodifiableList(new ArrayList<>(ways));
  }

  /** What the channel speaks; null where it is not known. */
  public String scheme() {
    return scheme;
  }

  /** What its calls stay with, whatever the ways are, half a sentence; null for nothing. */
  public String keeps() {
    return keeps;
  }

  /** One, or several where a share of the calls goes elsewhere. */
  public List<Way> ways() {
    return ways;
  }

  /** A way that some of the calls go, or all. Immutable. */
  public static final class Way {
    private final String rule;
    private final boolean certain;
    private final String refusal;
    private final String spread;
    private final List<Choice> choices;

    Way(String rule, boolean certain, String refusal, String spread, List<Choice> choices) {
      this.rule = rule;
      this.certain = certain;
      this.refusal = refusal;
      this.spread = spread;
      this.choices = Collections.unmodifiableList(new ArrayList<>(choices));
    }

    /** The clause of a routing rule that leads there; null for calls that no clause is for. */
    public String rule() {
      return rule;
    }

    /** Whether the call asked about goes it; else its share decides, by chance. */
    public boolean isCertain() {
      return certain;
    }

    /** Why its calls fail by the word of the rule; null if they do not. */
    public String refusal() {
      return refusal;
    }

    /** How its calls are spread over those that they may go to, by the word of the setting. */
    public String spread() {
      return spread;
    }

    /** All instances of the service. */
    public List<Choice> choices() {
      return choices;
    }

    /** Those that calls may go to. */
    public List<Choice> chosen() {
      return choices.stream().filter(Choice::isChosen).collect(Collectors.toList());
    }
  }

  /** What becomes of one instance on a way. Immutable. */
  public static final class Choice {
    private final Endpoint endpoint;
    private final String because;
    private final String remark;
    private final boolean ejected;
    private final Map<String, Object> seen;

    Choice(
        Endpoint endpoint,
        String because,
        String remark,
        boolean ejected,
        Map<String, Object> seen) {
      this.endpoint = endpoint;
      this.because = because;
      this.remark = remark;
      this.ejected = ejected;
      this.seen = seen;
    }

    public Endpoint endpoint() {
      return endpoint;
    }

    /** Whether calls may go to it. */
    public boolean isChosen() {
      return because == null;
    }

    /** Why it gets none, what follows the instance; null if calls may go to it. */
    public String because() {
      return because;
    }

    /** What else is to be said of it; null for nothing. */
    public String remark() {
      return remark;
    }

    /** Whether it gets none since it has failed. */
    public boolean isEjected() {
      return ejected;
    }

    /** What this program has seen of it lately; empty for nothing. */
    public Map<String, Object> seen() {
      return seen;
    }
  }
}
