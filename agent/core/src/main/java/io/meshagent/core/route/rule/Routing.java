package io.meshagent.core.route.rule;

import java.util.Objects;

/** What the settings say of where calls of a service go: a rule, and whether lanes count. */
public final class Routing {

  /** Any instance will do. */
  public static final Routing NONE = new Routing(RouteRule.NONE, null);

  private final RouteRule rule;
  private final String lane;

  /**
   * @param lane the name that lanes go by, in baggage and among labels; null if they don't count
   */
  public Routing(RouteRule rule, String lane) {
    this.rule = rule;
    this.lane = lane;
  }

  public RouteRule rule() {
    return rule;
  }

  /** Null if lanes don't count. */
  public String lane() {
    return lane;
  }

  public boolean isNone() {
    return lane == null && rule.isNone();
  }

  /** Whether both say the same, under whatever name. */
  public boolean isAs(Routing other) {
    return Objects.equals(lane, other.lane) && rule.toString().equals(other.rule.toString());
  }
}
