package io.meshagent.grpc.reroute;

import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import java.util.List;

/** What the candidates of a pick were chosen of. Immutable. */
final class Choice {

  private final Balancer balancer;
  private final Endpoints known;
  private final Endpoints used;
  private final List<Endpoint> unreachable;

  /**
   * @param balancer for whom
   * @param known what the directory had said when the route chose
   * @param used what the route uses of that, connected or not
   * @param unreachable of those the ones that could not be reached at the last try
   */
  Choice(Balancer balancer, Endpoints known, Endpoints used, List<Endpoint> unreachable) {
    this.balancer = balancer;
    this.known = known;
    this.used = used;
    this.unreachable = unreachable;
  }

  Balancer balancer() {
    return balancer;
  }

  Endpoints known() {
    return known;
  }

  Endpoints used() {
    return used;
  }

  List<Endpoint> unreachable() {
    return unreachable;
  }
}
