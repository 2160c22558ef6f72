package io.meshagent.core.route;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.balance.ServiceBalancer;
import io.meshagent.core.route.ExplainedRoute.Choice;
import io.meshagent.core.route.ExplainedRoute.Way;
import io.meshagent.core.route.rule.Baggage;
import io.meshagent.core.route.rule.Clause;
import io.meshagent.core.route.rule.Labels;
import io.meshagent.core.route.rule.Routing;
import io.meshagent.core.route.rule.Share;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Goes the way of a call step by step, without a call: nothing is picked, counted or drawn, so that
 * no turn, no probe and no connection is used up by it. For one explanation, on an admin thread.
 */
@SuppressWarnings("ReferenceEquality") // An endpoint is known by what it is in this snapshot.
final class RouteExplainer {

  private final ServiceBalancer balancer;
  private final Routing routing;
  private final RoutedBalancer routed;
  private final Selection selection;
  private final Endpoints known;
  private final Attempt call;

  /** The rows of those that have failed, and whether they get calls all the same. */
  private final Map<String, Map<String, Object>> failed = new TreeMap<>();

  private final Map<String, Boolean> reached;

  RouteExplainer(ServiceRouting of, Selection selection, Endpoints known, Attempt call) {
    this.balancer = of.balancer;
    this.routing = of.routing();
    this.routed = of.routed(selection);
    this.selection = selection;
    this.known = known;
    this.call = call;
    this.reached = balancer.reached();
    balancer.leftOut().forEach(row -> failed.put((String) row.get("instance"), row));
  }

  List<Way> ways() {
    if (routed == null) {
      Reasons reasons = new Reasons();
      Endpoints used = selection.ofGroup(selection.reachable(known.list(), reasons), reasons);
      return new ArrayList<>(Collections.singletonList(way(null, -1, true, used, 0, reasons)));
    }
    Split split = routed.split(known);
    List<Way> ways = new ArrayList<>();
    List<Clause> clauses = routing.rule().clauses();
    for (int i = 0; i < clauses.size(); i++) {
      Clause clause = clauses.get(i);
      boolean decided = clause.share() == null || Share.isDecided(call);
      if (!clause.isFor(call) || (clause.share() != null && decided && !isIn(clause.share()))) {
        continue;
      }
      Way way = ofGroup(clause, i, decided, split.groups.get(i));
      ways.add(way);
      if (decided && (!clause.fallsBack() || !way.chosen().isEmpty())) {
        return ways;
      }
      if (decided) {
        break;
      }
    }
    if (split.rest != null) {
      ways.add(ofGroup(null, -1, ways.isEmpty(), split.rest));
    }
    return ways;
  }

  private boolean isIn(Share share) {
    return share.holds(call);
  }

  /**
   * @param clause null for calls that meet none
   */
  private Way ofGroup(Clause clause, int index, boolean certain, Group group) {
    Reasons reasons = new Reasons();
    List<Endpoint> left = selection.reachable(known.list(), reasons);
    if (clause != null) {
      left =
          kept(
              left,
              each -> clause.to().match(each.instance()),
              each -> "is not labelled " + clause.to(),
              reasons);
    }
    Endpoints used = group.open;
    String name = routing.lane();
    if (name != null) {
      String lane = lane();
      Endpoints ofLane = lane == null ? null : group.lanes.get(lane);
      used = ofLane == null || ofLane.list().isEmpty() ? group.open : ofLane;
      left = kept(left, isOneOf(used), each -> lane(each, name), reasons);
    }
    Endpoints unused = selection.ofGroup(left, reasons);
    return way(clause, index, certain, used, group.known, reasons);
  }

  private static Predicate<Endpoint> isOneOf(Endpoints some) {
    Set<Endpoint> members = Collections.newSetFromMap(new IdentityHashMap<>());
    members.addAll(some.list());
    return members::contains;
  }

  private String lane() {
    String baggage = call.header(Baggage.HEADER);
    return baggage == null ? null : Baggage.value(baggage, routing.lane());
  }

  private static String lane(Endpoint endpoint, String name) {
    String its = Labels.of(endpoint.instance(), name);
    return its == null
        ? "is in no lane, and the call's lane has instances of its own (client.lane)"
        : "is in the lane " + name + "=" + its + ", which the call is not in (client.lane)";
  }

  private static List<Endpoint> kept(
      List<Endpoint> from,
      Predicate<Endpoint> fits,
      Function<Endpoint, String> why,
      Reasons reasons) {
    List<Endpoint> left = Kept.of(from, fits);
    reasons.tell(from, left, why);
    return left;
  }

  private Way way(
      Clause clause, int index, boolean certain, Endpoints used, int registered, Reasons reasons) {
    Predicate<Endpoint> isUsed = isOneOf(used);
    List<Choice> choices = new ArrayList<>();
    List<Endpoint> usable = new ArrayList<>();
    for (Endpoint each : known.list()) {
      Choice choice = isUsed.test(each) ? used(each) : leftOut(each, reasons.of(each), null, false);
      choices.add(choice);
      if (choice.isChosen()) {
        usable.add(each);
      }
    }
    hash(choices, usable);
    String refusal =
        !usable.isEmpty() || clause == null || clause.fallsBack()
            ? null
            : routing.rule().failure(index, registered);
    return new Way(
        clause == null ? null : clause.toString(),
        certain,
        refusal,
        balancer.rule().spread(),
        choices);
  }

  /** Where the call's header says which one it is. */
  private void hash(List<Choice> choices, List<Endpoint> usable) {
    Endpoint hashed = balancer.hashed(usable, call::header);
    if (hashed == null) {
      return;
    }
    for (int i = 0; i < choices.size(); i++) {
      Choice choice = choices.get(i);
      if (choice.isChosen() && choice.endpoint() != hashed) {
        String other = "does not get calls with this value: " + hashed.instance() + " does";
        choices.set(i, leftOut(choice.endpoint(), other, null, false));
      }
    }
  }

  private Choice used(Endpoint endpoint) {
    String place = endpoint.instance().hostPort();
    Map<String, Object> row = failed.get(place);
    if (row == null) {
      String remark =
          endpoint.drained() == null
              ? null
              : "is " + endpoint.drained() + "; gets calls, since no other is left (drains)";
      return Boolean.FALSE.equals(reached.get(place))
          ? leftOut(endpoint, "can't be connected to just now", null, false)
          : leftOut(endpoint, null, remark, false);
    }
    String why = row.get("because") + ", since " + row.get("since");
    return "none".equals(row.get("gets calls"))
        ? leftOut(
            endpoint,
            "is ejected: " + why + "; next probe " + row.get("next probe") + " (client.ejection)",
            null,
            true)
        : leftOut(endpoint, null, "fails: " + why + "; gets " + row.get("gets calls"), false);
  }

  private Choice leftOut(Endpoint endpoint, String because, String remark, boolean ejected) {
    return new Choice(
        endpoint, because, remark, ejected, balancer.seen(endpoint.instance().hostPort()));
  }

  /** Why endpoints are left out; the first reason counts. */
  private static final class Reasons implements LeftOut {
    private final IdentityHashMap<Endpoint, String> byEndpoint = new IdentityHashMap<>();

    @Override
    public void tell(List<Endpoint> before, List<Endpoint> after, Function<Endpoint, String> why) {
      if (after.size() == before.size()) {
        return;
      }
      Set<Endpoint> left = Collections.newSetFromMap(new IdentityHashMap<>());
      left.addAll(after);
      for (Endpoint each : before) {
        if (!left.contains(each)) {
          byEndpoint.putIfAbsent(each, why.apply(each));
        }
      }
    }

    String of(Endpoint endpoint) {
      return byEndpoint.getOrDefault(endpoint, "is not used by this channel");
    }
  }
}
