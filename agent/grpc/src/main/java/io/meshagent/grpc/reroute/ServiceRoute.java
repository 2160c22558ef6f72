package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancer.PickResult;
import io.grpc.Status;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Unimplemented;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The way to one service over one channel. Confined to the channel's sync context. */
final class ServiceRoute {

  /** One could be the one that does not answer. */
  private static final int FEW = 2;

  private final Service service;
  private final Balancer balancer;
  private final String scheme;
  private final Mesh mesh;
  private final Connections connections;
  private final WarmUp youth;

  private Endpoints.State state = Endpoints.State.UNKNOWN;
  private List<Connection> used = new ArrayList<>();

  /** As the directory has them now, in the order of their connections. */
  private List<Instance> usedFor = new ArrayList<>();

  private boolean toldOfScheme;

  /** Whether calls had a way once; from then on they wait for this route's connections. */
  private boolean settled;

  ServiceRoute(
      Service service,
      Balancer balancer,
      String scheme,
      Mesh mesh,
      Connections connections,
      WarmUp youth) {
    this.service = service;
    this.balancer = balancer;
    this.scheme = scheme;
    this.mesh = mesh;
    this.connections = connections;
    this.youth = youth;
  }

  Service service() {
    return service;
  }

  /**
   * Takes over what the directory says now; new connections are held before old ones are let go.
   */
  void update() {
    Endpoints endpoints = service.endpoints();
    List<Instance> reachable = new ArrayList<>(endpoints.instances().size());
    for (Instance instance : endpoints.instances()) {
      if (speaksOurs(instance)) {
        reachable.add(instance);
      }
    }
    List<Instance> nextFor =
        !youth.isOver() && reachable.size() > FEW ? some(reachable) : reachable;
    List<Connection> next = new ArrayList<>(nextFor.size());
    for (Instance instance : nextFor) {
      next.add(connections.hold(instance));
    }
    for (Connection connection : used) {
      connection.release();
    }
    used = next;
    usedFor = nextFor;
    state = endpoints.state();
    if (state == Endpoints.State.PRESENT && used.isEmpty()) {
      tellOfScheme();
      state = Endpoints.State.ABSENT;
    }
  }

  /** Those that the channel is connected to already, and others at random. */
  private List<Instance> some(List<Instance> all) {
    List<Instance> some = new ArrayList<>(FEW);
    for (Instance instance : all) {
      if (some.size() < FEW && connections.leadTo(instance)) {
        some.add(instance);
      }
    }
    int next = ThreadLocalRandom.current().nextInt(all.size());
    while (some.size() < FEW) {
      Instance instance = all.get(next);
      if (!some.contains(instance)) {
        some.add(instance);
      }
      next = (next + 1) % all.size();
    }
    return some;
  }

  /** Whether one of the instances that it uses could not be reached at the last try. */
  boolean isFailing() {
    for (Connection connection : used) {
      if (connection.failure() != null) {
        return true;
      }
    }
    return false;
  }

  /** Whether an update for another service replaced a connection that this one uses, too. */
  boolean holdsClosed() {
    for (Connection connection : used) {
      if (connection.isClosed()) {
        return true;
      }
    }
    return false;
  }

  private boolean speaksOurs(Instance instance) {
    String theirs = instance.scheme();
    return scheme == null || theirs == null || scheme.equals(theirs);
  }

  private void tellOfScheme() {
    if (!toldOfScheme) {
      toldOfScheme = true;
      mesh.warn(
          "no instance of "
              + service.name()
              + " speaks "
              + scheme
              + " as this channel does, so its calls go to the channel's own target");
    }
  }

  /**
   * What a picker needs of the present state.
   *
   * @param ownIsUsed whether calls have gone by the channel's own connections so far: then they do
   *     until ours are up, and none has to wait
   */
  Snapshot snapshot(boolean ownIsUsed) {
    Snapshot now = snapshot();
    settled |= now != Snapshot.WAITING && now != Snapshot.UNDECIDED;
    return ownIsUsed && !settled ? Snapshot.ELSEWHERE : now;
  }

  private Snapshot snapshot() {
    if (state == Endpoints.State.UNKNOWN) {
      return Snapshot.UNDECIDED;
    }
    if (state == Endpoints.State.ABSENT) {
      return mesh.fallsBack() ? Snapshot.ELSEWHERE : new Snapshot(absent());
    }
    List<Connection> ready = new ArrayList<>(used.size());
    List<Instance> readyFor = new ArrayList<>(used.size());
    Status failure = null;
    int failing = 0;
    for (int i = 0; i < used.size(); i++) {
      Connection connection = used.get(i);
      if (connection.isReady()) {
        ready.add(connection);
        readyFor.add(usedFor.get(i));
      } else if (connection.failure() != null) {
        failing++;
        failure = connection.failure();
      }
    }
    if (!ready.isEmpty()) {
      boolean more = ready.size() + failing < used.size();
      return new Snapshot(new Ready(ready, readyFor, more, mesh), balancer);
    }
    if (failing < used.size()) {
      return Snapshot.WAITING;
    }
    if (mesh.fallsBack()) {
      mesh.warn(
          "none of the registered instances of "
              + service.name()
              + " can be reached; its calls go to the channel's own target until one can"
              + " (discover.fallback)");
    }
    return new Snapshot(unreachable(failing, failure));
  }

  private Status absent() {
    return Status.UNAVAILABLE.withDescription(
        "mesh-agent: no instance of " + service.name() + " is registered (discover.fallback=fail)");
  }

  private Status unreachable(int failing, Status failure) {
    return Status.UNAVAILABLE
        .withDescription(
            "mesh-agent: none of the "
                + failing
                + " registered instances of "
                + service.name()
                + " can be reached, the last one said: "
                + said(failure))
        .withCause(failure.getCause());
  }

  /** OkHttp's transport describes no failure of a TLS handshake, but has the cause. */
  private static Object said(Status failure) {
    return failure.getDescription() != null ? failure.getDescription() : failure.getCause();
  }

  /** One route as a picker sees it. Immutable but for the balancer's own counters. */
  static final class Snapshot {

    /** The directory can't say yet where calls go: they wait, if they can. */
    static final Snapshot UNDECIDED = new Snapshot(PickResult.withNoResult());

    /** No connection is ready yet: calls wait for the next picker. */
    static final Snapshot WAITING = new Snapshot(PickResult.withNoResult());

    /** The directory has no instance: calls go where they always went. */
    static final Snapshot ELSEWHERE = new Snapshot((PickResult) null);

    private final PickResult only;
    private final PickResult[] results;
    private final Ready ready;
    private final Balancer.Picker picker;

    private Snapshot(PickResult only) {
      this.only = only;
      this.results = null;
      this.ready = null;
      this.picker = null;
    }

    private Snapshot(Status error) {
      this(PickResult.withError(error));
    }

    private Snapshot(Ready ready, Balancer balancer) {
      only = null;
      this.ready = ready;
      results = ready.results();
      picker = balancer.picker(ready.attempts());
    }

    boolean isReady() {
      return results != null;
    }

    /** Null for {@link #ELSEWHERE}. */
    PickResult pick() {
      return results == null ? only : results[picker.pick()];
    }

    /** The same where some instances say that they do not know the method. */
    PickResult pick(Unimplemented unimplemented, boolean young) {
      return results == null ? only : ready.other(picker.pick(), unimplemented, young);
    }
  }
}
