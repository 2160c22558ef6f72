package io.meshagent.grpc.reroute;

import io.grpc.Status;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Endpoint;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Keeping;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Route;
import io.meshagent.core.api.Service;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The connections of one channel to the instances of one service. The engine's route says which
 * instances those are; this holds a connection to each of them, gives them up when the route does,
 * and says what picks need to know. Confined to the channel's sync context, but for {@link
 * #changed}, which the directory calls.
 */
final class ServiceRoute implements Service.Watcher {

  private final Route route;
  private final Service service;
  private final RouteTrouble trouble;
  private final Mesh mesh;
  private final Connections connections;
  private final Opening opening;
  private final WarmUp youth;
  private final Wishes wishes;

  /**
   * Of what the engine's route says, the last that the channel was told to look at. Guarded by
   * this.
   */
  private Endpoints told;

  /** As that, and with it. */
  private Keeping toldKeeping;

  /** What the route said at the last update. */
  private Endpoints chosen = Endpoints.UNKNOWN;

  private Keeping keeping = Keeping.NOTHING;

  /** With that. Guarded by this. */
  private Balancer toldOf;

  /** Spreads the calls over what is used. */
  private Balancer balancer;

  /** What the directory had said when those that are used were chosen. */
  private Endpoints known = Endpoints.UNKNOWN;

  private List<Connection> used = Collections.emptyList();

  /** As the directory has them now, in the order of their connections. */
  private List<Endpoint> usedFor = Collections.emptyList();

  /** Whether calls had a way once; from then on they wait for this route's connections. */
  private boolean settled;

  /** What a route wants of its channel. Any thread; returns at once. */
  interface Wishes {

    /** That {@link #update} is called soon. */
    void update(ServiceRoute route);

    /** That a new picker is published soon. */
    void publishAgain();

    /** That the channel's own connections are tried again, if they failed. In the sync context. */
    void connectAgain();
  }

  /**
   * @param scheme the channel's, for what is said to people
   */
  ServiceRoute(
      Route route, String scheme, Mesh mesh, Connections connections, WarmUp youth, Wishes wishes) {
    this.route = route;
    this.service = route.service();
    this.balancer = route.balancer();
    this.trouble = new RouteTrouble(service.name(), scheme, route.wanted(), mesh);
    this.mesh = mesh;
    this.connections = connections;
    this.opening = new Opening(connections);
    this.youth = youth;
    this.wishes = wishes;
  }

  Service service() {
    return service;
  }

  /**
   * The directory knows something new of the service, which need not concern this channel. What is
   * compared is read under the lock, so that of two changes at once the later one counts.
   */
  @Override
  @SuppressWarnings("ReferenceEquality") // Each choice of endpoints has a balancer of its own.
  public synchronized void changed(Service changed) {
    Balancer by = route.balancer();
    Endpoints all = service.endpoints();
    Endpoints now = route.used(all);
    Keeping nowKeeping = route.keeps(all);
    if (service.isForgotten() || nowKeeping != toldKeeping || by != toldOf || !now.equals(told)) {
      wishes.update(this);
      told = now;
      toldKeeping = nowKeeping;
      toldOf = by;
    }
  }

  /** Asks to be told of changes. */
  void watch() {
    route.watch(this);
  }

  void unwatch() {
    route.unwatch(this);
  }

  /**
   * Takes over what the directory says now; new connections are held before old ones are let go.
   *
   * @return whether picks have to know
   */
  @SuppressWarnings("ReferenceEquality") // As above.
  boolean update() {
    Balancer by = route.balancer();
    known = service.endpoints();
    Endpoints endpoints = route.used(known);
    if (endpoints.state() == Endpoints.State.ABSENT
        && known.state() == Endpoints.State.PRESENT
        && !by.decides()) {
      trouble.nobodyFits();
    }
    Keeping before = keeping;
    keeping = route.keeps(known);
    if (keeping == Keeping.ALWAYS && before == Keeping.WHILE_REACHED) {
      wishes.connectAgain();
    }
    List<Endpoint> all = keeping == Keeping.ALWAYS ? Collections.emptyList() : endpoints.list();
    List<Endpoint> nextFor =
        !youth.isOver() && all.size() > Opening.FEW ? opening.some(route.parts(known)) : all;
    List<Connection> next = opening.hold(nextFor, !isAnyReady());
    for (Connection connection : used) {
      connection.release();
    }
    boolean same =
        balancer == by
            && chosen.state() == endpoints.state()
            && Objects.equals(chosen.zones(), endpoints.zones())
            && keeping == before
            && used.equals(next)
            && areSame(usedFor, nextFor);
    balancer = by;
    used = next;
    usedFor = nextFor;
    chosen = endpoints;
    return !same;
  }

  private boolean isAnyReady() {
    for (Connection connection : used) {
      if (connection.isReady()) {
        return true;
      }
    }
    return false;
  }

  /** Whether not even their facts have changed: an instance is known by its object. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean areSame(List<Endpoint> some, List<Endpoint> others) {
    boolean same = some.size() == others.size();
    for (int i = 0; same && i < some.size(); i++) {
      same = some.get(i) == others.get(i);
    }
    return same;
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

  /**
   * The route may use others by now, since balancing wants it or because nothing that it uses can
   * be reached.
   *
   * @return whether picks have to know
   */
  @SuppressWarnings("ReferenceEquality") // Each choice is made once.
  boolean lookAgain() {
    boolean others = route.used(service.endpoints()) != chosen;
    return (others || (isLost() && route.reachesFurther())) && update();
  }

  private boolean isLost() {
    boolean failing = false;
    for (Connection connection : used) {
      if (connection.isReady()) {
        return false;
      }
      failing |= connection.failure() != null;
    }
    return failing;
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

  /**
   * What a picker needs of the present state.
   *
   * @param ownIsUsed whether calls have gone by the channel's own connections so far: then they do
   *     until ours are up, and none has to wait
   * @param ownIsReached whether the channel's own connections are up, or have not failed
   */
  RouteSnapshot snapshot(boolean ownIsUsed, boolean ownIsReached) {
    if (keeping == Keeping.ALWAYS || (keeping == Keeping.WHILE_REACHED && ownIsReached)) {
      return RouteSnapshot.ELSEWHERE;
    }
    RouteSnapshot now = snapshot();
    settled |=
        now != RouteSnapshot.WAITING && now != RouteSnapshot.UNDECIDED && now != RouteSnapshot.KEPT;
    return ownIsUsed && !settled ? RouteSnapshot.ELSEWHERE : now;
  }

  private RouteSnapshot snapshot() {
    if (chosen.state() == Endpoints.State.UNKNOWN) {
      return balancer.decides() ? RouteSnapshot.KEPT : RouteSnapshot.UNDECIDED;
    }
    if (chosen.state() == Endpoints.State.ABSENT && !balancer.decides()) {
      return mesh.fallsBack() ? RouteSnapshot.ELSEWHERE : RouteSnapshot.failing(trouble.absent());
    }
    List<Connection> ready = new ArrayList<>(used.size());
    List<Endpoint> readyFor = new ArrayList<>(used.size());
    List<Endpoint> failing = new ArrayList<>();
    List<Connection> asleep = new ArrayList<>(0);
    Status failure = null;
    for (int i = 0; i < used.size(); i++) {
      Connection connection = used.get(i);
      if (connection.isReady()) {
        ready.add(connection);
        readyFor.add(usedFor.get(i));
      } else if (connection.failure() != null) {
        failing.add(usedFor.get(i));
        failure = connection.failure();
      } else if (connection.isAsleep()) {
        asleep.add(connection);
      }
    }
    boolean more = ready.size() + failing.size() + asleep.size() < used.size();
    boolean allAsleep = !asleep.isEmpty() && failing.size() + asleep.size() == used.size();
    if (allAsleep && !balancer.decides()) {
      return RouteSnapshot.asleep(waking(asleep, Opening.FEW));
    }
    if (ready.isEmpty() && !balancer.decides()) {
      return more ? RouteSnapshot.WAITING : RouteSnapshot.failing(unreached(failing, failure));
    }
    return RouteSnapshot.of(
        new Ready(
            route,
            ready,
            readyFor,
            new Choice(balancer, known, chosen, failing),
            mesh,
            wishes::publishAgain),
        balancer,
        more,
        ready.isEmpty() && !failing.isEmpty() ? unreached(failing, failure) : without(),
        asleep.isEmpty() ? null : waking(asleep, ready.isEmpty() ? Opening.FEW : 1));
  }

  /** Where calls go that the balancer gives nobody; null for where they always went. */
  private Status without() {
    if (mesh.fallsBack()) {
      return null;
    }
    return used.isEmpty() ? trouble.absent() : trouble.nobodyPicked();
  }

  private Status unreached(List<Endpoint> failing, Status last) {
    if (mesh.fallsBack()) {
      trouble.nobodyReached();
    }
    return trouble.unreachable(failing.size(), last);
  }

  /** Wakes some of them, in any order, once for a picker: the more calls the more of them wake. */
  private Runnable waking(List<Connection> asleep, int most) {
    AtomicBoolean asked = new AtomicBoolean();
    return () -> {
      if (!asked.get() && asked.compareAndSet(false, true)) {
        connections.inSync(
            () -> {
              Collections.shuffle(asleep);
              asleep.subList(0, Math.min(most, asleep.size())).forEach(Connection::wake);
            });
      }
    };
  }
}
