package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.route.rule.Clause;
import io.meshagent.core.route.rule.Labels;
import io.meshagent.core.route.rule.Routing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Splits the endpoints of a service by its routing, for the channels of one scheme. Thread-safe;
 * keeps the last split, so that each change is looked through once for all channels.
 */
final class Splitting {

  private final Routing routing;
  private final Selection selection;

  /** Volatile: replaced by whichever channel hears of a change first. Null until then. */
  private volatile Split last;

  Splitting(Routing routing, Selection selection) {
    this.routing = routing;
    this.selection = selection;
  }

  @SuppressWarnings("ReferenceEquality") // Each change makes another object.
  Split of(Endpoints known) {
    Split present = last;
    if (present == null || present.known != known) {
      present = split(known);
      last = present;
    }
    return present;
  }

  private Split split(Endpoints known) {
    List<Endpoint> all = selection.reachable(known.list());
    Map<String, Group> alike = new HashMap<>();
    List<Group> groups = new ArrayList<>();
    for (Clause clause : routing.rule().clauses()) {
      groups.add(
          alike.computeIfAbsent(
              clause.to() + (clause.fallsBack() ? "?" : ""),
              unused -> group(Kept.of(all, each -> clause.to().match(each.instance())), clause)));
    }
    return new Split(known, groups, routing.rule().leavesSomeToRest() ? group(all, null) : null);
  }

  /**
   * @param clause null for the rest
   */
  private Group group(List<Endpoint> all, Clause clause) {
    // Who could go elsewhere does, rather than to those that are leaving.
    List<Endpoint> some = clause != null && clause.fallsBack() ? willing(all) : all;
    String lane = routing.lane();
    Map<String, List<Endpoint>> lanes = new LinkedHashMap<>();
    List<Endpoint> outside = some;
    if (lane != null && (clause == null || !clause.to().name(lane))) {
      outside = Kept.of(some, each -> Labels.of(each.instance(), lane) == null);
      for (Endpoint each : willing(some)) {
        String its = Labels.of(each.instance(), lane);
        if (its != null) {
          lanes.computeIfAbsent(its, unused -> new ArrayList<>()).add(each);
        }
      }
    }
    List<Endpoint> open = outside.isEmpty() ? some : outside;
    Map<String, Endpoints> chosen = new LinkedHashMap<>();
    lanes.forEach((name, members) -> chosen.put(name, selection.ofGroup(members)));
    return new Group(all.size(), selection.ofGroup(open), chosen);
  }

  private static List<Endpoint> willing(List<Endpoint> all) {
    return Kept.of(all, Endpoint::isWilling);
  }
}
