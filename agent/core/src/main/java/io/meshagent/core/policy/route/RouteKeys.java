package io.meshagent.core.policy.route;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Selected;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;
import io.meshagent.core.route.rule.RouteRule;
import io.meshagent.core.route.rule.Routing;

/** Where the calls of a service go: a rule by service or pattern, and lanes. */
public final class RouteKeys {

  private static final String OFF = "off";

  public static final Key<RouteRule> ROUTE =
      Key.live(
              "client.route",
              rule(),
              OFF,
              "Which instances get which calls of a service: x-user=alice -> version=2 ; 5% ->"
                  + " version=2 ; * -> version=1. The first clause that a call meets counts; where"
                  + " nobody has its labels the call fails, or with a ? after them goes to the rest.")
          .perService();

  public static final Key<String> LANE =
      Key.live(
          "client.lane",
          lane(),
          OFF,
          "The name of the lane in W3C baggage and among labels, lane for one: calls with lane=blue"
              + " in their baggage go to instances with the label lane=blue where there are any,"
              + " all others to instances without that label; the baggage is handed on to the next"
              + " calls.");

  private RouteKeys() {}

  private static Type<RouteRule> rule() {
    return Types.simple(
        "rule",
        "",
        text -> {
          if (text.equals(OFF) || text.isEmpty()) {
            return Parsed.value(RouteRule.NONE);
          }
          try {
            return Parsed.value(RuleParser.parse(text));
          } catch (RuleSyntaxException e) {
            return Parsed.problem(e.getMessage());
          }
        },
        rule -> rule.isNone() ? OFF : rule.toString());
  }

  private static Type<String> lane() {
    return Types.simple(
        "name or off",
        "",
        text -> {
          String problem = LabelNames.problem(text);
          return problem == null
              ? Parsed.value(text)
              : Parsed.problem("is no name of lanes: as a label it " + problem);
        },
        text -> text);
  }

  /** What the settings say of a service. */
  public static Routing routing(Settings settings, String service) {
    return new Routing(rule(settings, service), lane(settings));
  }

  static RouteRule rule(Settings settings, String service) {
    // The slash makes a method of no name: a pattern for some methods is none for the service.
    Selected<RouteRule> selected = settings.select(ROUTE, service + "/");
    return selected.value().named(ROUTE.name(selected.selector()));
  }

  /** Null if lanes don't count. */
  public static String lane(Settings settings) {
    String lane = settings.get(LANE);
    return lane.equals(OFF) ? null : lane;
  }
}
