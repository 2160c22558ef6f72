package io.meshagent.core.explain;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Instance.Metadata;
import io.meshagent.core.route.ExplainedRoute;
import io.meshagent.core.route.ExplainedRoute.Choice;
import io.meshagent.core.route.ExplainedRoute.Way;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Channels as JSON has them. Of very many instances some stand for all. Stateless. */
final class ShownChannels {

  private static final int MOST = 50;

  private ShownChannels() {}

  static List<Map<String, Object>> rows(List<ExplainedChannel> channels) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (ExplainedChannel channel : channels) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("target", channel.target());
      row.put("policies", channel.isGoverned() ? "all" : "none");
      row.put("because", channel.because() == null ? "" : channel.because());
      ExplainedRoute route = channel.route();
      if (route == null) {
        row.put("calls go to", "its own target");
      } else {
        row.put("speaks", route.scheme() == null ? "" : route.scheme());
        row.put("calls go to", route.keeps() == null ? "instances" : route.keeps());
        List<Map<String, Object>> ways = new ArrayList<>();
        route.ways().forEach(way -> ways.add(way(way)));
        row.put("ways", ways);
      }
      rows.add(row);
    }
    return rows;
  }

  private static Map<String, Object> way(Way way) {
    List<Map<String, Object>> chosen = new ArrayList<>();
    List<Map<String, Object>> leftOut = new ArrayList<>();
    Map<String, Integer> more = new TreeMap<>();
    for (Choice choice : way.choices()) {
      List<Map<String, Object>> rows = choice.isChosen() ? chosen : leftOut;
      if (rows.size() < MOST) {
        rows.add(instance(choice));
      } else {
        more.merge(choice.isChosen() ? "may get calls" : choice.because(), 1, Integer::sum);
      }
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("rule", way.rule());
    row.put("for", way.isCertain() ? "this call" : "a share, by chance");
    row.put("spread by", way.spread());
    row.put("refused", way.refusal());
    row.put("instances", chosen);
    row.put("left out", leftOut);
    row.put("more", more);
    return row;
  }

  private static Map<String, Object> instance(Choice choice) {
    Instance instance = choice.endpoint().instance();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("instance", instance.hostPort());
    if (choice.because() != null) {
      row.put("because", choice.because());
    }
    if (choice.remark() != null) {
      row.put("remark", choice.remark());
    }
    row.put("standing", choice.endpoint().standing().name().toLowerCase(Locale.ROOT));
    put(row, instance, Metadata.APPLICATION);
    put(row, instance, Metadata.VERSION);
    put(row, instance, Metadata.ZONE);
    put(row, instance, Metadata.WEIGHT);
    row.putAll(choice.seen());
    return row;
  }

  private static void put(Map<String, Object> row, Instance instance, String fact) {
    String value = instance.metadata().get(fact);
    if (value != null) {
      row.put(fact, value);
    }
  }
}
