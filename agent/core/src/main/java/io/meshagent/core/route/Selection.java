package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Zones;
import io.meshagent.core.config.InstanceLabels;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Which endpoints of a service the channels of one scheme use. Immutable, and a function of what it
 * is given; a snapshot of endpoints keeps what was chosen of it, so that each change is looked
 * through once, however many channels there are.
 *
 * <p>Rules and lanes stand between the two halves: they name what a call needs, and the second half
 * is done for each group that they make.
 */
final class Selection implements UnaryOperator<Endpoints> {

  /** In this order: what comes later chooses among what earlier ones have left. */
  private final Step[] before;

  /** Who leaves gives its place to who stays, in another zone if need be. */
  private final Step willing = new Willing();

  /** After that; null where zones do not count. */
  private final NearFirst near;

  private final boolean wide;

  /** At the end: only then are there too many or not. */
  private final Subset subset;

  /**
   * @param scheme null for channels that may use all
   * @param mapped what the channel's target stands for; null where it does not matter
   * @param near null where zones do not count
   * @param wide whether all zones are used, and not only those that are to have calls
   */
  Selection(String scheme, InstanceLabels mapped, NearFirst near, boolean wide, Subset subset) {
    this.before =
        new Step[] {
          // What can't be spoken to is no choice.
          new SameScheme(scheme),
          // Whoever else hosts the service is another application.
          new Labelled(mapped),
        };
    this.near = near;
    this.wide = wide;
    this.subset = subset;
  }

  @Override
  public Endpoints apply(Endpoints all) {
    Endpoints left = ofGroup(reachable(all.list()));
    return left.zones() == null && left.list().size() == all.list().size() ? all : left;
  }

  /** Those that the channels could use. */
  List<Endpoint> reachable(List<Endpoint> all) {
    return reachable(all, LeftOut.UNTOLD);
  }

  /** The same, telling of those that they could not. */
  List<Endpoint> reachable(List<Endpoint> all, LeftOut leftOut) {
    List<Endpoint> left = all;
    for (Step step : before) {
      List<Endpoint> next = step.of(left);
      leftOut.tell(left, next, step::why);
      left = next;
    }
    return left;
  }

  /** Those that they do use of some that will do alike. */
  Endpoints ofGroup(List<Endpoint> group) {
    return ofGroup(group, LeftOut.UNTOLD);
  }

  /** The same, telling of those that they do not use. */
  Endpoints ofGroup(List<Endpoint> group, LeftOut leftOut) {
    List<Endpoint> left = willing.of(group);
    leftOut.tell(group, left, willing::why);
    Zones zones = near == null ? null : near.zones(left);
    if (zones != null && !wide) {
      List<Endpoint> close = near.of(left, zones);
      leftOut.tell(left, close, each -> NearFirst.why(each, zones));
      left = close;
    }
    List<Endpoint> few = subset.of(left, zones);
    leftOut.tell(left, few, subset::why);
    return Endpoints.of(few, zones);
  }
}
