package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancer.PickResult;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Statistics;
import io.meshagent.core.api.Unimplemented;
import io.meshagent.core.api.Unimplemented.Turn;
import io.meshagent.grpc.attempt.AttemptTracer;
import io.meshagent.grpc.attempt.Destination;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The instances of one route that are connected. Made in the channel's sync context, immutable from
 * then on, and read by picks.
 */
final class Ready implements Balancer.Candidates {

  private final Connection[] connections;
  private final Endpoint[] endpoints;
  private final Instance[] instances;
  private final PickResult[] results;

  /** Null where nobody reads them, as the destinations. */
  private final Statistics[] statistics;

  private final Destination[] destinations;

  /** What leads attempts whose call is not known, and tells of them; else the results. */
  private final PickResult[] telling;

  private final Endpoints used;
  private final List<Endpoint> unreachable;
  private final Mesh mesh;
  private final Runnable publishAgain;

  /**
   * @param endpoints those of the connections, as the directory has them now
   * @param used what the route uses, connected or not
   * @param unreachable those that could not be reached at the last try
   * @param publishAgain has the route make another one of these soon; any thread
   */
  Ready(
      Route route,
      List<Connection> connections,
      List<Endpoint> endpoints,
      Endpoints used,
      List<Endpoint> unreachable,
      Mesh mesh,
      Runnable publishAgain) {
    int size = connections.size();
    Balancer balancer = route.balancer();
    this.connections = connections.toArray(new Connection[0]);
    this.endpoints = endpoints.toArray(new Endpoint[0]);
    this.instances = new Instance[size];
    this.results = new PickResult[size];
    this.statistics = balancer.readsStatistics() ? new Statistics[size] : null;
    boolean tells = statistics != null || balancer.readsAttempts();
    this.destinations = tells ? new Destination[size] : null;
    this.telling = statistics != null ? new PickResult[size] : results;
    this.used = used;
    this.unreachable = unreachable;
    this.mesh = mesh;
    this.publishAgain = publishAgain;
    for (int i = 0; i < size; i++) {
      instances[i] = this.endpoints[i].instance();
      results[i] = this.connections[i].result();
      if (statistics != null) {
        statistics[i] = route.statistics(instances[i]);
      }
      if (tells) {
        destinations[i] = Destination.of(instances[i], statistics(i), mesh);
      }
      if (statistics != null) {
        telling[i] = this.connections[i].result(destinations[i]);
      }
    }
  }

  @Override
  public int size() {
    return endpoints.length;
  }

  @Override
  public Endpoint endpoint(int index) {
    return endpoints[index];
  }

  @Override
  public Statistics statistics(int index) {
    return statistics == null ? null : statistics[index];
  }

  @Override
  public Endpoints used() {
    return used;
  }

  @Override
  public List<Endpoint> unreachable() {
    return unreachable;
  }

  @Override
  public void publishAgain() {
    publishAgain.run();
  }

  /** Whether it has to be known what attempts do. */
  boolean tells() {
    return destinations != null;
  }

  /**
   * Leads an attempt to an instance.
   *
   * @param attempt null where its call is not known, and where nobody wants to know
   */
  PickResult result(int index, AttemptTracer attempt) {
    if (attempt == null) {
      return telling[index];
    }
    attempt.goesTo(destinations[index]);
    return results[index];
  }

  /**
   * Keeps to what the balancer has picked, unless that instance does not know the method: then some
   * other that does, at random, so that its share goes to all of them.
   *
   * @param attempt as above
   * @return null if none knows it
   */
  PickResult other(int picked, Unimplemented unimplemented, AttemptTracer attempt) {
    long now = mesh.nanoTime();
    unimplemented.forgetGone(instances, now);
    PickResult result = given(picked, unimplemented, attempt, now);
    int from = result == null ? ThreadLocalRandom.current().nextInt(results.length) : 0;
    for (int i = 0; result == null && i < results.length; i++) {
      result = given((from + i) % results.length, unimplemented, attempt, now);
    }
    return result;
  }

  /** Null if the instance is to get nothing now. */
  private PickResult given(
      int index, Unimplemented unimplemented, AttemptTracer attempt, long now) {
    Turn turn = unimplemented.turn(instances[index], now);
    if (turn == Turn.NOTHING) {
      return null;
    }
    return turn == Turn.CALLS ? result(index, attempt) : asking(index, unimplemented, attempt);
  }

  private PickResult asking(int index, Unimplemented unimplemented, AttemptTracer attempt) {
    Destination asked =
        Destination.of(instances[index], statistics(index), mesh).asking(unimplemented);
    if (attempt == null) {
      return connections[index].result(asked);
    }
    attempt.goesTo(asked);
    return results[index];
  }
}
