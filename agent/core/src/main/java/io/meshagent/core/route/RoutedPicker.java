package io.meshagent.core.route;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer.Candidates;
import io.meshagent.core.api.Balancer.Picker;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.balance.ServiceBalancer;
import io.meshagent.core.route.rule.Baggage;
import io.meshagent.core.route.rule.Clause;
import io.meshagent.core.route.rule.Routing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Picks by a routing: first the group and lane that a call is for, then one of those by a picker of
 * their own. Immutable but for what those count.
 */
final class RoutedPicker implements Picker {

  /** The spots of one group. */
  private static final class Way {
    private final Spot open;

    /** Empty where lanes don't count. */
    private final Map<String, Spot> lanes;

    Way(Spot open, Map<String, Spot> lanes) {
      this.open = open;
      this.lanes = lanes;
    }

    /** Null if nobody is there for the call, and nobody is about to come. */
    Spot spot(String lane) {
      Spot ofLane = lane == null ? null : lanes.get(lane);
      if (ofLane != null && ofLane.isAnybody()) {
        return ofLane;
      }
      return open.isAnybody() ? open : null;
    }
  }

  private final Routing routing;

  /** By clause. */
  private final Way[] ways;

  private final boolean[] fallsBack;

  /** Null if no call comes to it. */
  private final Way rest;

  private final List<String> refusals = new ArrayList<>();

  RoutedPicker(Routing routing, Split split, Candidates all, ServiceBalancer balancer) {
    this.routing = routing;
    IdentityHashMap<Endpoint, Integer> indexes = new IdentityHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      indexes.put(all.endpoint(i), i);
    }
    Set<Endpoint> failing = Collections.newSetFromMap(new IdentityHashMap<>());
    failing.addAll(all.unreachable());
    List<Clause> clauses = routing.rule().clauses();
    this.ways = new Way[clauses.size()];
    this.fallsBack = new boolean[clauses.size()];
    IdentityHashMap<Group, Way> made = new IdentityHashMap<>();
    for (int i = 0; i < ways.length; i++) {
      ways[i] =
          made.computeIfAbsent(
              split.groups.get(i), group -> way(group, all, indexes, failing, balancer));
      fallsBack[i] = clauses.get(i).fallsBack();
      refusals.add(routing.rule().failure(i, split.groups.get(i).known));
    }
    refusals.add(balancer.refusal());
    this.rest = split.rest == null ? null : way(split.rest, all, indexes, failing, balancer);
  }

  private static Way way(
      Group group,
      Candidates all,
      IdentityHashMap<Endpoint, Integer> indexes,
      Set<Endpoint> failing,
      ServiceBalancer balancer) {
    Map<String, Spot> lanes = new HashMap<>();
    group.lanes.forEach(
        (lane, members) -> lanes.put(lane, Spot.of(members, all, indexes, failing, balancer)));
    return new Way(Spot.of(group.open, all, indexes, failing, balancer), lanes);
  }

  @Override
  public int pick(Attempt attempt) {
    int clause = routing.rule().clauseFor(attempt);
    Spot spot = spot(clause, attempt);
    if (spot != null) {
      int picked = spot.pick(attempt);
      // Its picker knows of one refusal, which is the last one here.
      return picked == REFUSED ? REFUSED - ways.length : picked;
    }
    return clause >= 0 && !fallsBack[clause] ? REFUSED - clause : NONE;
  }

  private Spot spot(Attempt attempt) {
    return spot(routing.rule().clauseFor(attempt), attempt);
  }

  private Spot spot(int clause, Attempt attempt) {
    String lane = routing.lane() == null ? null : lane(attempt);
    Spot named = clause < 0 ? null : ways[clause].spot(lane);
    boolean toRest = named == null && (clause < 0 || fallsBack[clause]);
    return toRest && rest != null ? rest.spot(lane) : named;
  }

  private String lane(Attempt attempt) {
    String baggage = attempt.header(Baggage.HEADER);
    return baggage == null ? null : Baggage.value(baggage, routing.lane());
  }

  @Override
  public List<String> refusals() {
    return refusals;
  }

  @Override
  public int[] among(Attempt attempt) {
    Spot spot = spot(attempt);
    return spot == null ? null : spot.indexes;
  }

  @Override
  public int any(Attempt attempt, IntPredicate condition) {
    Spot spot = spot(attempt);
    return spot == null ? NONE : spot.any(attempt, condition);
  }
}
