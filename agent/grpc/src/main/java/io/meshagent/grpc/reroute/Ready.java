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
 * then on but for what was said, and read by picks.
 */
final class Ready implements Balancer.Candidates {

  private final Link[] links;
  private final Endpoint[] endpoints;
  private final Instance[] instances;
  private final PickResult[] results;

  /** Null where nobody reads them. */
  private final Statistics[] statistics;

  /** One may be made late, where only some attempts are to be known; all are the same. */
  private final Destination[] destinations;

  /** What leads attempts whose call is not known, and tells of them; else the results. */
  private final PickResult[] telling;

  private final Choice choice;

  /** Of those with several links, or with a limit of streams; null if there are none. */
  private final ReadyLinks[] several;

  /** Told of picks; null where connections are kept however long they carry nothing. */
  private final Connection[] touched;

  /** Whether it has to be known what all attempts do. */
  private final boolean tells;

  private final Mesh mesh;
  private final Runnable publishAgain;

  /** Volatile: written and read by picks. */
  private volatile boolean toldFull;

  /**
   * @param endpoints those of the connections, as the directory has them now
   * @param choice what they were chosen of, and for whom
   * @param publishAgain has the route make another one of these soon; any thread
   */
  Ready(
      Route route,
      List<Connection> connections,
      List<Endpoint> endpoints,
      Choice choice,
      Mesh mesh,
      Runnable publishAgain) {
    int size = connections.size();
    Balancer balancer = choice.balancer();
    this.links = new Link[size];
    this.endpoints = endpoints.toArray(new Endpoint[0]);
    this.instances = new Instance[size];
    this.results = new PickResult[size];
    this.statistics = balancer.readsStatistics() ? new Statistics[size] : null;
    this.choice = choice;
    this.mesh = mesh;
    this.publishAgain = publishAgain;
    for (int i = 0; i < size; i++) {
      instances[i] = this.endpoints[i].instance();
      links[i] = connections.get(i).ready().get(0);
      results[i] = links[i].result();
      if (statistics != null) {
        statistics[i] = route.statistics(instances[i]);
      }
    }
    this.touched = mesh.mostIdleNanos() > 0 ? connections.toArray(new Connection[0]) : null;
    this.several = several(connections);
    this.tells = statistics != null || balancer.readsAttempts() || several != null || isAnyAsking();
    this.destinations = new Destination[size];
    this.telling = statistics != null || isAnyAsking() ? results.clone() : results;
    for (int i = 0; tells && i < size; i++) {
      destinations[i] = Destination.of(instances[i], statistics(i), null, mesh);
      if (statistics != null || instances[i].asksForCallers()) {
        telling[i] = links[i].result(destinations[i]);
      }
    }
  }

  /** Whether one wants to know who calls: then attempts add it. */
  private boolean isAnyAsking() {
    for (Instance instance : instances) {
      if (instance.asksForCallers()) {
        return true;
      }
    }
    return false;
  }

  private ReadyLinks[] several(List<Connection> connections) {
    ReadyLinks[] found = null;
    for (int i = 0; i < links.length; i++) {
      ReadyLinks of = ReadyLinks.of(connections.get(i), instances[i], statistics(i), mesh);
      if (of != null) {
        found = found == null ? new ReadyLinks[links.length] : found;
        found[i] = of;
      }
    }
    return found;
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
  public Endpoints known() {
    return choice.known();
  }

  @Override
  public Statistics statistics(int index) {
    return statistics == null ? null : statistics[index];
  }

  @Override
  public Endpoints used() {
    return choice.used();
  }

  @Override
  public List<Endpoint> unreachable() {
    return choice.unreachable();
  }

  @Override
  public void publishAgain() {
    publishAgain.run();
  }

  /** Whether it has to be known what all attempts do. */
  boolean tells() {
    return tells;
  }

  /** Without a lock: all fields are final, so whoever makes another one makes as good a one. */
  private Destination destination(int index) {
    Destination known = destinations[index];
    if (known == null) {
      known = Destination.of(instances[index], statistics(index), null, mesh);
      destinations[index] = known;
    }
    return known;
  }

  /** Whether some may be full. */
  boolean isLimited() {
    return several != null;
  }

  /**
   * Whether nothing has come since this was made that gives room: if it has, the next picker knows
   * it.
   */
  boolean isCurrent() {
    for (ReadyLinks each : several) {
      if (each != null && !each.isCurrent()) {
        return false;
      }
    }
    return true;
  }

  /** Asks that the channel picks again when a stream has ended. */
  void awaitRoom() {
    for (ReadyLinks each : several) {
      if (each != null) {
        each.awaitRoom();
      }
    }
  }

  /** Whether one that is full may get one more link, or will. */
  boolean mayGetMore(int index) {
    return several[index] != null && several[index].connection().mayGetMore();
  }

  /**
   * All that a call may go to are full: one more link is asked for.
   *
   * @return whether one may come
   */
  boolean getMore(int index) {
    Connection connection = several[index].connection();
    boolean comes = connection.mayGetMore();
    if (comes) {
      connection.getMore();
    } else if (!toldFull) {
      toldFull = true;
      mesh.warn(
          "all streams that "
              + instances[index]
              + " allows are taken, and those of other instances; further calls wait for one"
              + " (pool.connections-per-instance)");
    }
    return comes;
  }

  /** Leads an attempt to an instance; null if a stream to that would not be sent at once. */
  PickResult taken(int index, AttemptTracer attempt) {
    if (several[index] == null) {
      return result(index, attempt);
    }
    PickResult taken = several[index].taken(attempt);
    if (taken != null && touched != null) {
      touched[index].touch();
    }
    return taken;
  }

  /**
   * Leads an attempt to an instance, where it waits in the transport if it has to.
   *
   * @param attempt null where its call is not known, and where nobody wants to know
   */
  PickResult result(int index, AttemptTracer attempt) {
    if (touched != null) {
      touched[index].touch();
    }
    if (several != null && several[index] != null) {
      return several[index].result(attempt);
    }
    if (attempt == null) {
      return telling[index];
    }
    attempt.goesTo(destination(index));
    return results[index];
  }

  /**
   * Keeps to what the balancer has picked, unless that instance does not know the method: then some
   * other that does, at random, so that its share goes to all of them.
   *
   * @param among those that may get it; null for all
   * @param attempt as above
   * @return null if none knows it
   */
  PickResult other(int picked, int[] among, Unimplemented unimplemented, AttemptTracer attempt) {
    unimplemented.forgetGone(instances, mesh.nanoTime());
    return other(picked, among, unimplemented, attempt, this::result);
  }

  /** The same, and null if none that knows it would have the stream sent at once. */
  PickResult otherWithRoom(
      int picked, int[] among, Unimplemented unimplemented, AttemptTracer attempt) {
    return other(picked, among, unimplemented, attempt, this::taken);
  }

  /** Whether some instance would have a stream sent at once. */
  boolean hasRoom() {
    for (int i = 0; i < several.length; i++) {
      if (hasRoom(i)) {
        return true;
      }
    }
    return false;
  }

  /** Whether this one would. */
  boolean hasRoom(int index) {
    return several[index] == null || several[index].hasRoom();
  }

  /** How an attempt is led to an instance. */
  private interface Given {
    PickResult to(int index, AttemptTracer attempt);
  }

  private PickResult other(
      int picked, int[] among, Unimplemented unimplemented, AttemptTracer attempt, Given given) {
    PickResult result = given(picked, unimplemented, attempt, given);
    int size = among == null ? results.length : among.length;
    int from = result == null ? ThreadLocalRandom.current().nextInt(size) : 0;
    for (int i = 0; result == null && i < size; i++) {
      int next = (from + i) % size;
      result = given(among == null ? next : among[next], unimplemented, attempt, given);
    }
    return result;
  }

  /** Null if the instance is to get nothing now. */
  private PickResult given(
      int index, Unimplemented unimplemented, AttemptTracer attempt, Given given) {
    Turn turn = unimplemented.turn(instances[index], mesh.nanoTime());
    if (turn == Turn.NOTHING) {
      return null;
    }
    return turn == Turn.CALLS ? given.to(index, attempt) : asking(index, unimplemented, attempt);
  }

  private PickResult asking(int index, Unimplemented unimplemented, AttemptTracer attempt) {
    if (touched != null) {
      touched[index].touch();
    }
    if (several != null && several[index] != null) {
      return several[index].asking(unimplemented, attempt);
    }
    Destination asked =
        Destination.of(instances[index], statistics(index), null, mesh).asking(unimplemented);
    if (attempt == null) {
      return links[index].result(asked);
    }
    attempt.goesTo(asked);
    return results[index];
  }
}
