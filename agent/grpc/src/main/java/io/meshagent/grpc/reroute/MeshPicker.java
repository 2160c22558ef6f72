package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.meshagent.core.api.Service;
import io.meshagent.core.call.CallPlan;
import io.meshagent.grpc.attempt.AttemptTracers;
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

  /**
   * @param own the channel's own picker; null if it has none yet
   * @param routes where the services' calls go
   * @param waiting is told of calls that wait for the directory
   * @param youth counts what is picked; null when it is over
   */
  MeshPicker(
      MethodPlans plans,
      ChannelRouter router,
      SubchannelPicker own,
      RouteTable routes,
      WaitingCalls waiting,
      WarmUp youth) {
    this.plans = plans;
    this.router = router;
    this.own = own;
    this.routes = routes;
    this.waiting = waiting;
    this.youth = youth;
  }

  /** The route of a service; null if it has none, and calls have to ask for one. */
  RouteSnapshot route(Service service) {
    return routes.of(service);
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
    if (ours.getStatus().isOk() || own == null || !router.fallsBack() || isRefused(ours, args)) {
      return ours;
    }
    // Nobody registered can be reached. Of two errors ours says more: the program may not know its
    // target to be of no use.
    PickResult theirs = own.pickSubchannel(args);
    if (!theirs.getStatus().isOk()) {
      return ours;
    }
    goesElsewhere(args);
    return theirs;
  }

  /** It may have waited for an instance: what that would have been told goes to nobody else. */
  private void goesElsewhere(PickSubchannelArgs args) {
    try {
      AttemptTracers tracers = AttemptTracers.in(args.getCallOptions());
      if (tracers != null) {
        tracers.goesElsewhere(args.getHeaders());
      }
    } catch (Throwable e) {
      router.failed(e);
    }
  }

  /** Whether a rule has the attempt fail: then that is what whoever wrote the rule wants. */
  private boolean isRefused(PickResult ours, PickSubchannelArgs args) {
    try {
      CallPlan plan = plan(args);
      RouteSnapshot route = plan == null ? null : routes.of(plan.service());
      return route != null && route.refuses(ours);
    } catch (Throwable e) {
      router.failed(e);
      return false;
    }
  }

  /** Null for what goes where it went without us. */
  private PickResult routed(PickSubchannelArgs args) {
    if (!router.isGoverning()) {
      return null;
    }
    CallPlan plan = plan(args);
    Service service = plan == null ? null : plan.service();
    if (service == null) {
      return null;
    }
    RouteSnapshot route = routes.of(service);
    if (route == null) {
      if (service.isForgotten()) {
        return null;
      }
      boolean unused = router.serviceCalled(service);
      return PickResult.withNoResult();
    }
    if (route == RouteSnapshot.KEPT) {
      return PickResult.withNoResult();
    }
    if (route == RouteSnapshot.UNDECIDED) {
      return undecided(args);
    }
    if (youth != null && route.isReady()) {
      youth.picked();
    }
    return route.pick(args, plan, youth);
  }

  /** A plan that is not kept is the call's own, and was made when it started. */
  private CallPlan plan(PickSubchannelArgs args) {
    CallPlan kept = plans.keptClient(args.getMethodDescriptor());
    if (kept != null) {
      return kept;
    }
    AttemptTracers tracers = AttemptTracers.in(args.getCallOptions());
    CallPlan its = tracers == null ? null : tracers.plan();
    return its != null ? its : plans.client(args.getMethodDescriptor());
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
    goesElsewhere(args);
    return own == null ? PickResult.withNoResult() : own.pickSubchannel(args);
  }

  @Override
  public String toString() {
    return "MeshPicker{own=" + own + "}";
  }
}
