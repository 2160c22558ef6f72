package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import java.util.List;

/** One thing that a route goes by when it leaves endpoints out. Immutable. */
interface Step {

  /**
   * What is left.
   *
   * @param from in the order of {@code host:port}; not changed, and returned where all are left
   */
  List<Endpoint> of(List<Endpoint> from);

  /** Why it leaves one out, for people: what follows the instance, with its verb. */
  String why(Endpoint endpoint);
}
