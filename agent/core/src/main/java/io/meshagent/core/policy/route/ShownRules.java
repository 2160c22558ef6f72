package io.meshagent.core.policy.route;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.base.ActivePolicy;
import io.meshagent.core.policy.base.PlannedMethod;
import io.meshagent.core.route.rule.Clause;
import io.meshagent.core.route.rule.RouteRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Shows the rules of the services that the program calls, and how many instances each names. */
final class ShownRules implements ActivePolicy {

  private static final class Shown {
    final Service service;
    final RouteRule rule;

    Shown(Service service, RouteRule rule) {
      this.service = service;
      this.rule = rule;
    }
  }

  /** By method, for those are let go of one by one. */
  private final Map<String, Shown> byMethod = new ConcurrentHashMap<>();

  @Override
  public Stage stage(PlannedMethod method, Settings settings) {
    Service service = method.service();
    if (method.side() == Side.CLIENT && service != null && method.isKept()) {
      RouteRule rule = RouteKeys.rule(settings, service.name());
      if (rule.isNone()) {
        byMethod.remove(method.name());
      } else {
        byMethod.put(method.name(), new Shown(service, rule));
      }
    }
    return null;
  }

  @Override
  public void letGo(Side side, String method) {
    if (side == Side.CLIENT) {
      byMethod.remove(method);
    }
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> rules = new TreeMap<>();
    byMethod.forEach((method, shown) -> rules.put(shown.service.name(), rows(shown)));
    return rules.isEmpty() ? Collections.emptyMap() : Collections.singletonMap("routes", rules);
  }

  private static List<Map<String, Object>> rows(Shown shown) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Clause clause : shown.rule.clauses()) {
      int instances = 0;
      for (Endpoint endpoint : shown.service.endpoints().list()) {
        instances += clause.to().match(endpoint.instance()) ? 1 : 0;
      }
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("clause", clause.toString());
      row.put("instances", instances);
      rows.add(row);
    }
    return rows;
  }
}
