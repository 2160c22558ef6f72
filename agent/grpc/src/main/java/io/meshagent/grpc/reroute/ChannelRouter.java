package io.meshagent.grpc.reroute;

import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.Helper;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.SynchronizationContext;
import io.meshagent.core.api.Service;
import io.meshagent.grpc.base.ChannelFacts;
import io.meshagent.grpc.base.CopiedCall;
import io.meshagent.grpc.base.GrpcInternals;
import io.meshagent.grpc.base.MethodPlans;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Routes the calls of one active channel: by the service of the call, to the directory's instances
 * or to the channel's own picker. The channel's resolver and balancer go on beside it, untouched:
 * they are the fallback.
 *
 * <p>All state is confined to the channel's sync context, but for what {@link #serviceCalled} and
 * the wishes of routes do from other threads: they only hand over.
 */
final class ChannelRouter implements ChannelFacts.ServiceListener, ServiceRoute.Wishes {

  /** How long the channel's own resolver may hold calls back that the directory can place. */
  private static final long RESOLVER_GRACE_MILLIS = 250;

  private static final long UNUSED_GRACE_MILLIS = 500;

  private final ChannelSync sync;
  private final RealChannel realChannel;
  private final Helper helper;
  private final boolean fallsBack;
  private final Connections connections;
  private final MethodPlans plans;
  private final WarmUp youth;
  private final WaitingCalls waiting;
  private final MirrorRoutes mirrors;

  /** Confined to sync, but for the question whether a service is new to it. */
  private final ChannelRoutes routes;

  /** Whether a new picker has been wished for and not been published yet. */
  private final AtomicBoolean wished = new AtomicBoolean();

  /**
   * Confined to sync. What the channel would say without us. A channel that leaves idle mode says
   * that it connects, if not at once then with the first word of its balancer.
   */
  private ConnectivityState ownState = ConnectivityState.CONNECTING;

  /** Confined to sync. Null until the channel's own balancer has published. */
  private SubchannelPicker ownPicker;

  /** Confined to sync. Whether the channel was active before the agent was there. */
  private boolean takenOver;

  /** Confined to sync. */
  private boolean ended;

  /** Volatile: written in sync, read by calls to see whether a service is routed already. */
  private volatile MeshPicker picker;

  ChannelRouter(ChannelSync sync, MethodPlans plans, ChannelFacts facts, RealChannel realChannel) {
    this.sync = sync;
    this.plans = plans;
    this.realChannel = realChannel;
    this.helper = sync.helper();
    this.fallsBack = sync.mesh().fallsBack();
    this.connections = new Connections(sync, this::connectionChanged, this::publishAgain);
    this.mirrors = new MirrorRoutes(sync, facts.scheme(), connections, this::closeUnusedLater);
    this.youth = new WarmUp(sync, this::growUp);
    this.waiting = new WaitingCalls(sync, this::publish);
    this.routes = new ChannelRoutes(sync, facts, connections, youth, this);
    this.picker = snapshot();
    // gRPC 1.38 to 1.49 would log that this balancer never asks the resolver again.
    GrpcInternals.call(helper, "ignoreRefreshNameResolutionCheck");
  }

  /** The channel became active: take its waiting services, and publish before its resolver does. */
  void begin() {
    sync.throwIfNotInThis();
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

  /** The channel's own balancer has published already, and no call has gone by it so far. */
  void beginBeside(ConnectivityState state, SubchannelPicker own) {
    own(state, own);
    open();
  }

  private void open() {
    routes.addCalled();
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
    routes.updateAll();
  }

  /** Something of ours failed in a pick. Any thread. */
  void failed(Throwable cause) {
    sync.failed(cause);
  }

  /** Whether calls go to their channel's own target where nobody registered can be reached. */
  boolean fallsBack() {
    return fallsBack;
  }

  /** Whether calls go to instances of the directory at all just now. */
  boolean isGoverning() {
    return sync.mesh().isGoverning();
  }

  private void hurry() {
    if (!ended && ownPicker == null && routes.isAnyPresent()) {
      realChannel.letCallsThrough();
    }
  }

  @Override
  public boolean serviceCalled(Service service) {
    RouteSnapshot route = picker.route(service);
    if (route != null) {
      return route.readsAttempts() || route.mayWait();
    }
    if (routes.isNew(service)) {
      sync.execute(
          () -> {
            if (!ended) {
              routes.add(service);
              publish();
              hurryLater();
            }
          });
    }
    return true;
  }

  @Override
  public void copy(CopiedCall call) {
    mirrors.send(call);
  }

  private void connectionChanged() {
    mirrors.refresh();
    publish();
  }

  private void hurryLater() {
    if (ownPicker == null) {
      SynchronizationContext.ScheduledHandle unused =
          sync.later(RESOLVER_GRACE_MILLIS, this::hurry);
    }
  }

  /**
   * Not at once: a call that was given a connection a moment ago may not have opened its stream
   * yet, and old versions of gRPC fail it if the connection closes in between.
   */
  private void closeUnusedLater() {
    SynchronizationContext.ScheduledHandle unused =
        sync.later(
            UNUSED_GRACE_MILLIS,
            () -> {
              if (!ended) {
                connections.closeUnused();
              }
            });
  }

  /** The channel goes on as if we had never been here; calls in flight end where they are. */
  void giveBack() {
    sync.throwIfNotInThis();
    if (ended) {
      return;
    }
    stop();
    helper.updateBalancingState(ownState, ownPicker == null ? new NothingYet() : ownPicker);
    SynchronizationContext.ScheduledHandle unused =
        sync.later(UNUSED_GRACE_MILLIS, connections::closeAll);
  }

  /** On a thread of the directory, where nothing of the program may run. */
  @Override
  public void update(ServiceRoute route) {
    sync.handAsGuest(
        () -> {
          if (!ended && routes.update(route)) {
            publish();
            closeUnusedLater();
            hurryLater();
          }
        });
  }

  @Override
  public void connectAgain() {
    if (ownState == ConnectivityState.TRANSIENT_FAILURE) {
      realChannel.connectAgain();
    }
  }

  @Override
  public void publishAgain() {
    if (wished.compareAndSet(false, true)) {
      try {
        sync.handAsGuest(
            () -> {
              wished.set(false);
              publish();
            });
      } catch (Throwable e) {
        // No thread is to be had for it: the next wish may be luckier.
        wished.set(false);
        sync.failed(e);
      }
    }
  }

  /** The channel's own balancer has something to say. */
  void own(ConnectivityState state, SubchannelPicker newPicker) {
    sync.throwIfNotInThis();
    ownState = state;
    ownPicker = newPicker;
    picker = snapshot();
  }

  /** What the channel's state is with our connections counted in. */
  ConnectivityState state() {
    return connections.isAnyReady() ? ConnectivityState.READY : ownState;
  }

  /** As {@link Connections#checkHealth}. */
  void checkHealth(String service) {
    connections.checkHealth(service);
  }

  MeshPicker picker() {
    return picker;
  }

  private void publish() {
    sync.throwIfNotInThis();
    if (!ended) {
      if (!youth.isOver() && routes.isAnyFailing()) {
        connectToAll();
      }
      if (routes.lookAgain()) {
        closeUnusedLater();
      }
      picker = snapshot();
      helper.updateBalancingState(state(), picker);
    }
  }

  private MeshPicker snapshot() {
    boolean canWait = takenOver && ownState == ConnectivityState.READY;
    // One that is idle is connected by the first call that it gets.
    boolean reached = ownState == ConnectivityState.READY || ownState == ConnectivityState.IDLE;
    RouteTable table = routes.table(canWait, reached && ownPicker != null);
    return new MeshPicker(plans, this, ownPicker, table, waiting, youth.isOver() ? null : youth);
  }

  /** The channel is going idle, or ends. */
  void end() {
    sync.throwIfNotInThis();
    stop();
    connections.closeAll();
  }

  private void stop() {
    ended = true;
    youth.end();
    waiting.end();
    mirrors.end();
    routes.unwatch();
  }
}
