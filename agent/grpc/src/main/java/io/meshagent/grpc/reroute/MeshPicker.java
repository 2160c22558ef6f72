package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.meshagent.core.api.Service;
import io.meshagent.core.api.Unimplemented;
import io.meshagent.core.call.CallPlan;
import io.meshagent.grpc.base.DirectoryWait;
import io.meshagent.grpc.base.MethodPlans;

/**
 * Decides for each attempt of each call where it goes. An immutable snapshot: every change of a
 * connection, of the directory or of the channel's own balancer makes a new one. Called by any
 * thread, for one call possibly several times; takes no lock, and allocates nothing where the plan
 * of the call's method is kept.
 */
final class MeshPicker extends SubchannelPicker {

  private final MethodPlans plans;
  private final ChannelRouter router;
  private final SubchannelPicker own;
  private final RouteTable routes;
  private final WaitingCalls waiting;
  private final WarmUp youth;
  private final boolean fallsBack;

  /**
   * @param own the channel's own picker; null if it has none yet
   * @param routes where the services' calls go
   * @param waiting is told of calls that wait for the directory
   * @param youth counts what is picked; null when it is over
   * @param fallsBack whether the channel's own picker is asked where nobody can be reached
   */
  MeshPicker(
      MethodPlans plans,
      ChannelRouter router,
      SubchannelPicker own,
      RouteTable routes,
      WaitingCalls waiting,
      WarmUp youth,
      boolean fallsBack) {
    this.plans = plans;
    this.router = router;
    this.own = own;
    this.routes = routes;
    this.waiting = waiting;
    this.youth = youth;
    this.fallsBack = fallsBack;
  }

  /** Whether the service has a route, so that calls need not ask for one. */
  boolean routes(Service service) {
    return routes.of(service) != null;
  }

  /** Whatever goes wrong in ours, an error too: the channel's own picker is there without us. */
  @Override
  public PickResult pickSubchannel(PickSubchannelArgs args) {
    PickResult ours;
    try {
      ours = routed(args);
    } catch (Throwable e) {
      router.failed(e);
      ours = null;
    }
    if (ours == null) {
      return byOwn(args);
    }
    if (ours.getStatus().isOk() || own == null || !fallsBack) {
      return ours;
    }
    // Nobody registered can be reached. Of two errors ours says more: the program may not know its
    // target to be of no use.
    PickResult theirs = own.pickSubchannel(args);
    return theirs.getStatus().isOk() ? theirs : ours;
  }

  /** Null for what goes where it went without us. */
  private PickResult routed(PickSubchannelArgs args) {
    CallPlan plan = plans.client(args.getMethodDescriptor());
    Service service = plan == null ? null : plan.service();
    if (service == null) {
      return null;
    }
    ServiceRoute.Snapshot route = routes.of(service);
    if (route == null) {
      if (service.isForgotten()) {
        return null;
      }
      router.serviceCalled(service);
      return PickResult.withNoResult();
    }
    if (route == ServiceRoute.Snapshot.UNDECIDED) {
      return undecided(args);
    }
    if (youth != null && route.isReady()) {
      youth.picked();
    }
    Unimplemented unimplemented = plan.unimplemented();
    return unimplemented == null || !unimplemented.isAny()
        ? route.pick()
        : route.pick(unimplemented, youth != null);
  }

  /** The directory can't tell yet; who can't wait goes where it went without us. */
  private PickResult undecided(PickSubchannelArgs args) {
    long left = DirectoryWait.leftMillis(args.getCallOptions());
    if (left <= 0) {
      return null;
    }
    waiting.notLongerThan(left);
    return PickResult.withNoResult();
  }

  private PickResult byOwn(PickSubchannelArgs args) {
    return own == null ? PickResult.withNoResult() : own.pickSubchannel(args);
  }

  @Override
  public String toString() {
    return "MeshPicker{own=" + own + "}";
  }
}
