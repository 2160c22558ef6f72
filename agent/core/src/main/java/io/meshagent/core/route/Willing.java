package io.meshagent.core.route;

import io.meshagent.core.api.Endpoint;
import java.util.List;

/** Those that want calls: who drains, or weighs nothing, gets some only where nobody else is. */
final class Willing implements Step {

  @Override
  public List<Endpoint> of(List<Endpoint> from) {
    List<Endpoint> willing = Kept.of(from, Endpoint::isWilling);
    return willing.isEmpty() ? from : willing;
  }

  @Override
  public String why(Endpoint endpoint) {
    if (endpoint.drained() != null) {
      return "is " + endpoint.drained() + ": it finishes its calls and gets no new ones (drains)";
    }
    return endpoint.isDraining()
        ? "is draining: it finishes its calls and wants no new ones"
        : "has the weight 0 (app.weight)";
  }
}
