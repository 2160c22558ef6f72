package io.meshagent.grpc.reroute;

import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.Helper;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.SynchronizationContext;
import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Survived;
import io.meshagent.grpc.base.ChannelFacts;
import io.meshagent.grpc.base.GrpcInternals;
import io.meshagent.grpc.base.MethodPlans;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Routes the calls of one active channel: by the service of the call, to the directory's instances
 * or to the channel's own picker. The channel's resolver and balancer go on beside it, untouched:
 * they are the fallback.
 *
 * <p>All state is confined to the channel's sync context, but for what {@link #serviceCalled} and
 * {@link #changed} do from other threads: they only hand over.
 */
final class ChannelRouter implements Service.Watcher, ChannelFacts.ServiceListener {

  /** How long the channel's own resolver may hold calls back that the directory can place. */
  private static final long RESOLVER_GRACE_MILLIS = 250;

  private static final long UNUSED_GRACE_MILLIS = 500;

  /** Where something failed, for metrics and the log. */
  static final String PLACE = "a channel's routing";

  private final Mesh mesh;
  private final ChannelFacts facts;
  private final RealChannel realChannel;
  private final Helper helper;
  private final SynchronizationContext sync;
  private final Connections connections;
  private final MethodPlans plans;

  /** What is handed to the sync context is done with these: threads that gRPC starts inherit. */
  private final Rights rights;

  /** Every service that was called for, added to by calls. */
  private final Set<Service> called = ConcurrentHashMap.newKeySet();

  /** Confined to sync. */
  private final List<ServiceRoute> routes = new ArrayList<>();

  /**
   * Confined to sync. What the channel would say without us. A channel that leaves idle mode says
   * that it connects, if not at once then with the first word of its balancer.
   */
  private ConnectivityState ownState = ConnectivityState.CONNECTING;

  /** Confined to sync. Null until the channel's own balancer has published. */
  private SubchannelPicker ownPicker;

  /** Confined to sync. Whether the channel was active before the agent was there. */
  private boolean takenOver;

  private final WarmUp youth;

  private final WaitingCalls waiting;

  /** Confined to sync. */
  private boolean ended;

  /** Volatile: written in sync, read by calls to see whether a service is routed already. */
  private volatile MeshPicker picker;

  /**
   * @param rights those of whoever made the channel active
   */
  ChannelRouter(
      Mesh mesh,
      MethodPlans plans,
      ChannelFacts facts,
      RealChannel realChannel,
      Helper helper,
      Rights rights) {
    this.mesh = mesh;
    this.rights = rights;
    this.plans = plans;
    this.facts = facts;
    this.realChannel = realChannel;
    this.helper = helper;
    this.sync = helper.getSynchronizationContext();
    this.connections = new Connections(helper, mesh, this::publish);
    this.youth = new WarmUp(helper, mesh, this::growUp);
    this.waiting = new WaitingCalls(helper, mesh, this::publish);
    this.picker = snapshot();
    // gRPC 1.38 to 1.49 would log that this balancer never asks the resolver again.
    GrpcInternals.call(helper, "ignoreRefreshNameResolutionCheck");
  }

  /** The channel became active: take its waiting services, and publish before its resolver does. */
  void begin() {
    sync.throwIfNotInThisSynchronizationContext();
    if (ownPicker == null && routes.isEmpty()) {
      open();
    }
  }

  /**
   * The channel has been active for long: what it used so far is its own.
   *
   * @param ownOrNull null if its balancer has not published yet
   */
  void takeOver(ConnectivityState state, SubchannelPicker ownOrNull) {
    takenOver = true;
    youth.end();
    own(state, ownOrNull);
    open();
  }

  private void open() {
    facts.calledServices().removeIf(Service::isForgotten);
    for (Service service : facts.calledServices()) {
      if (called.add(service)) {
        add(service);
      }
    }
    publish();
    hurryLater();
  }

  private void growUp() {
    if (!ended) {
      connectToAll();
      publish();
    }
  }

  private void connectToAll() {
    youth.end();
    for (ServiceRoute route : routes) {
      route.update();
    }
  }

  /** The channel's own balancer has published already, and no call has gone by it so far. */
  void beginBeside(ConnectivityState state, SubchannelPicker own) {
    own(state, own);
    open();
  }

  /** Something of ours failed in a pick. Any thread. */
  void failed(Throwable cause) {
    Survived.tell(mesh, PLACE, cause);
  }

  /** Hands something to the channel's sync context, from a thread of the agent's. */
  void inSync(Runnable task) {
    SyncTask.hand(sync, rights, mesh, PLACE, task);
  }

  /** For what runs there by itself. */
  private Runnable guarded(Runnable task) {
    return SyncTask.guarded(mesh, PLACE, task);
  }

  private void hurry() {
    if (ended || ownPicker != null) {
      return;
    }
    for (ServiceRoute route : routes) {
      if (route.service().endpoints().state() == Endpoints.State.PRESENT) {
        realChannel.letCallsThrough();
        return;
      }
    }
  }

  @Override
  public void serviceCalled(Service service) {
    if (!picker.routes(service) && called.add(service)) {
      sync.execute(
          guarded(
              () -> {
                if (!ended) {
                  add(service);
                  publish();
                  hurryLater();
                }
              }));
    }
  }

  private void hurryLater() {
    if (ownPicker == null) {
      SynchronizationContext.ScheduledHandle unused = later(RESOLVER_GRACE_MILLIS, this::hurry);
    }
  }

  /**
   * Not at once: a call that was given a connection a moment ago may not have opened its stream
   * yet, and old versions of gRPC fail it if the connection closes in between.
   */
  private void closeUnusedLater() {
    SynchronizationContext.ScheduledHandle unused =
        later(
            UNUSED_GRACE_MILLIS,
            () -> {
              if (!ended) {
                connections.closeUnused();
              }
            });
  }

  private SynchronizationContext.ScheduledHandle later(long millis, Runnable task) {
    return SyncTask.later(helper, mesh, PLACE, millis, task);
  }

  /** The channel goes on as if we had never been here; calls in flight end where they are. */
  void giveBack() {
    sync.throwIfNotInThisSynchronizationContext();
    if (ended) {
      return;
    }
    stop();
    helper.updateBalancingState(ownState, ownPicker == null ? new NothingYet() : ownPicker);
    SynchronizationContext.ScheduledHandle unused =
        later(UNUSED_GRACE_MILLIS, connections::closeAll);
  }

  private void add(Service service) {
    if (service.isForgotten()) {
      called.remove(service);
      return;
    }
    facts.calledServices().add(service);
    youth.begin();
    ServiceRoute route =
        new ServiceRoute(service, mesh.balancer(service), facts.scheme(), mesh, connections, youth);
    routes.add(route);
    route.update();
    service.watch(this);
  }

  /** On a thread of the directory, where nothing of the program may run. */
  @Override
  public void changed(Service service) {
    mesh.asGuest(() -> inSync(() -> update(service)));
  }

  private void update(Service service) {
    if (!ended) {
      for (ServiceRoute route : routes) {
        if (route.service() == service) {
          route.update();
        }
      }
      if (service.isForgotten()) {
        letGo(service);
      }
      letGoOfClosed();
      publish();
      closeUnusedLater();
      hurryLater();
    }
  }

  /** Nobody asks for it any more, and it is nowhere. */
  private void letGo(Service service) {
    service.unwatch(this);
    routes.removeIf(route -> route.service() == service);
    facts.calledServices().remove(service);
    called.remove(service);
  }

  /** An update of one service may have replaced connections that others use, too. */
  private void letGoOfClosed() {
    for (ServiceRoute route : routes) {
      if (route.holdsClosed()) {
        route.update();
      }
    }
  }

  /** The channel's own balancer has something to say. */
  void own(ConnectivityState state, SubchannelPicker newPicker) {
    sync.throwIfNotInThisSynchronizationContext();
    ownState = state;
    ownPicker = newPicker;
    picker = snapshot();
  }

  /** What the channel's state is with our connections counted in. */
  ConnectivityState state() {
    return connections.isAnyReady() ? ConnectivityState.READY : ownState;
  }

  MeshPicker picker() {
    return picker;
  }

  private void publish() {
    sync.throwIfNotInThisSynchronizationContext();
    if (!ended) {
      if (!youth.isOver() && isAnyFailing()) {
        connectToAll();
      }
      picker = snapshot();
      helper.updateBalancingState(state(), picker);
    }
  }

  private boolean isAnyFailing() {
    for (ServiceRoute route : routes) {
      if (route.isFailing()) {
        return true;
      }
    }
    return false;
  }

  private MeshPicker snapshot() {
    boolean canWait = takenOver && ownState == ConnectivityState.READY;
    RouteTable table = RouteTable.of(routes, canWait);
    return new MeshPicker(
        plans, this, ownPicker, table, waiting, youth.isOver() ? null : youth, mesh.fallsBack());
  }

  /** The channel is going idle, or ends. */
  void end() {
    sync.throwIfNotInThisSynchronizationContext();
    stop();
    connections.closeAll();
  }

  private void stop() {
    ended = true;
    youth.end();
    waiting.end();
    for (ServiceRoute route : routes) {
      route.service().unwatch(this);
    }
  }
}
