package io.meshagent.core.explain;

import io.meshagent.core.route.ExplainedRoute;
import io.meshagent.core.route.ExplainedRoute.Choice;
import io.meshagent.core.route.ExplainedRoute.Way;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Finds what speaks against calls in the ways that they would go. For one thread. */
final class ChannelCauses {

  private final String service;
  private final String falls;

  /**
   * @param falls what becomes of calls that no instance is found for, half a sentence
   */
  ChannelCauses(String service, String falls) {
    this.service = service;
    this.falls = falls;
  }

  void tell(List<ExplainedChannel> channels, Causes causes) {
    for (ExplainedChannel channel : channels) {
      ExplainedRoute route = channel.route();
      if (route != null && route.keeps() == null) {
        route.ways().forEach(way -> nobody(channel, route, way, causes));
      }
    }
    for (ExplainedChannel channel : channels) {
      if (channel.route() != null) {
        channel.route().ways().forEach(way -> ejected(way, causes));
      }
    }
  }

  private void nobody(ExplainedChannel channel, ExplainedRoute route, Way way, Causes causes) {
    if (way.choices().isEmpty() || !way.chosen().isEmpty()) {
      return;
    }
    if (way.refusal() != null) {
      causes.add("rule", "Calls fail: " + way.refusal() + ".");
      return;
    }
    boolean wrongScheme = way.choices().stream().allMatch(each -> isOther(each, route.scheme()));
    causes.add(
        wrongScheme ? "wrong-scheme" : "no-usable-instance",
        "No instance of "
            + service
            + " can be called over the channel to "
            + channel.target()
            + ": "
            + reasons(way)
            + ". So "
            + falls
            + ".");
  }

  private static boolean isOther(Choice choice, String scheme) {
    String theirs = choice.endpoint().instance().scheme();
    return scheme != null && theirs != null && !theirs.equals(scheme);
  }

  /** Each reason with the first that it holds for. */
  private static String reasons(Way way) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Map<String, String> first = new LinkedHashMap<>();
    for (Choice each : way.choices()) {
      counts.merge(each.because(), 1, Integer::sum);
      first.putIfAbsent(each.because(), each.endpoint().instance().hostPort());
    }
    StringJoiner reasons = new StringJoiner("; ");
    counts.forEach(
        (because, count) ->
            reasons.add(
                first.get(because)
                    + " "
                    + because
                    + (count == 1 ? "" : " (and " + (count - 1) + " more like it)")));
    return reasons.toString();
  }

  private void ejected(Way way, Causes causes) {
    for (Choice each : way.choices()) {
      if (each.isEjected()) {
        causes.add(
            "ejected", each.endpoint().instance() + " of " + service + " " + each.because() + ".");
      } else if (each.remark() != null) {
        causes.add(
            each.endpoint().drained() == null ? "failing" : "drained",
            each.endpoint().instance() + " of " + service + " " + each.remark() + ".");
      }
    }
  }
}
