package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancer.PickResult;
import io.meshagent.core.api.Attempts;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Unimplemented;
import io.meshagent.core.api.Unimplemented.Turn;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The instances of one route that are connected. Made in the channel's sync context, immutable from
 * then on.
 */
final class Ready {

  private final Connection[] connections;
  private final Instance[] instances;
  private final PickResult[] results;
  private final boolean more;
  private final Mesh mesh;

  /**
   * @param instances those of the connections, as the directory has them now
   * @param more whether the route has other connections, and one may come up any moment
   */
  Ready(List<Connection> connections, List<Instance> instances, boolean more, Mesh mesh) {
    this.connections = connections.toArray(new Connection[0]);
    this.instances = instances.toArray(new Instance[0]);
    this.results = new PickResult[connections.size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = this.connections[i].result();
    }
    this.more = more;
    this.mesh = mesh;
  }

  /** To be read only. */
  PickResult[] results() {
    return results;
  }

  Attempts[] attempts() {
    Attempts[] attempts = new Attempts[connections.length];
    for (int i = 0; i < attempts.length; i++) {
      attempts[i] = connections[i].attempts();
    }
    return attempts;
  }

  /**
   * Keeps to what the balancer has picked, unless that instance does not know the method: then some
   * other that does, at random, so that its share goes to all of them. If none does, nobody is
   * better off elsewhere.
   *
   * @param young whether the channel waits for its first connections yet; that is over soon
   */
  PickResult other(int picked, Unimplemented unimplemented, boolean young) {
    long now = mesh.nanoTime();
    PickResult result = given(picked, unimplemented, now);
    int from = result == null ? ThreadLocalRandom.current().nextInt(results.length) : 0;
    for (int i = 0; result == null && i < results.length; i++) {
      result = given((from + i) % results.length, unimplemented, now);
    }
    if (result != null) {
      return result;
    }
    return young && more ? PickResult.withNoResult() : results[picked];
  }

  /** Null if the instance is to get nothing now. */
  private PickResult given(int index, Unimplemented unimplemented, long now) {
    Turn turn = unimplemented.turn(instances[index], now);
    if (turn == Turn.NOTHING) {
      return null;
    }
    return turn == Turn.CALLS
        ? results[index]
        : connections[index].asking(unimplemented, instances[index]);
  }
}
