package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import java.util.List;
import java.util.function.Function;

/** Is told which endpoints a route leaves out, and why. For people; routes themselves need none. */
interface LeftOut {

  /** Nobody wants to know. */
  LeftOut UNTOLD = (before, after, why) -> {};

  /**
   * One step is done.
   *
   * @param after what is left; the same list if that is all
   * @param why what follows the instance, with its verb
   */
  void tell(List<Endpoint> before, List<Endpoint> after, Function<Endpoint, String> why);
}
