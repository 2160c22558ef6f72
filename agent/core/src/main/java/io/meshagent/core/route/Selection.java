package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Which endpoints of a service the channels of one scheme use. Immutable, and a function of what it
 * is given; a snapshot of endpoints keeps what was chosen of it, so that each change is looked
 * through once, however many channels there are.
 */
final class Selection implements UnaryOperator<Endpoints> {

  /** In this order: what comes later chooses among what earlier ones have left. */
  private final Step[] steps;

  /**
   * @param scheme null for channels that may use all
   * @param jvm any number that other JVMs do not have
   */
  Selection(String scheme, long jvm) {
    this.steps =
        new Step[] {
          // What can't be spoken to is no choice.
          new SameScheme(scheme),
          // Targets, rules and zones stand here: they name what the call needs, wherever it is.
          // Who leaves gives its place to who stays, and only then are there too many or not.
          new Willing(),
          new Subset(jvm),
        };
  }

  @Override
  public Endpoints apply(Endpoints all) {
    List<Endpoint> left = all.list();
    for (Step step : steps) {
      left = step.of(left);
    }
    return left.size() == all.list().size() ? all : Endpoints.of(left);
  }
}
