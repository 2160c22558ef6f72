package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Status;
import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import io.meshagent.core.api.Unimplemented;
import io.meshagent.core.call.CallPlan;
import io.meshagent.grpc.attempt.AttemptTracer;
import io.meshagent.grpc.attempt.AttemptTracers;

/** One route as a picker sees it. Immutable but for the balancer's own counters. */
final class RouteSnapshot {

  /** The directory can't say yet where calls go: they wait, if they can. */
  static final RouteSnapshot UNDECIDED = new RouteSnapshot(PickResult.withNoResult());

  /** No connection is ready yet: calls wait for the next picker. */
  static final RouteSnapshot WAITING = new RouteSnapshot(PickResult.withNoResult());

  /** The directory has no instance: calls go where they always went. */
  static final RouteSnapshot ELSEWHERE = new RouteSnapshot((PickResult) null);

  /** For all attempts where nothing is ready, and for those that the balancer gives nobody. */
  private final PickResult only;

  private final Ready ready;
  private final Balancer.Picker picker;
  private final boolean readsAttempts;

  /** Whether the route has other connections, and one may come up any moment. */
  private final boolean more;

  private RouteSnapshot(PickResult only) {
    this.only = only;
    this.ready = null;
    this.picker = null;
    this.readsAttempts = false;
    this.more = false;
  }

  private RouteSnapshot(Ready ready, Balancer balancer, boolean more, PickResult without) {
    this.only = without;
    this.ready = ready;
    this.picker = balancer.picker(ready);
    this.readsAttempts = balancer.readsAttempts();
    this.more = more;
  }

  /** All calls fail. */
  static RouteSnapshot failing(Status error) {
    return new RouteSnapshot(PickResult.withError(error));
  }

  /**
   * Calls go by the balancer.
   *
   * @param more whether the route has other connections, and one may come up any moment: then who
   *     gets nobody waits
   * @param without where else they go; null where they always went
   */
  static RouteSnapshot of(Ready ready, Balancer balancer, boolean more, Status without) {
    PickResult none = without == null ? null : PickResult.withError(without);
    return new RouteSnapshot(ready, balancer, more, more ? PickResult.withNoResult() : none);
  }

  boolean isReady() {
    return ready != null;
  }

  /** Whether the picks want to know which call an attempt belongs to. */
  boolean readsAttempts() {
    return readsAttempts;
  }

  /**
   * Where one attempt goes.
   *
   * @param young whether the channel waits for its first connections yet; that is over soon
   * @return null if it goes where it always went
   */
  PickResult pick(PickSubchannelArgs args, CallPlan plan, boolean young) {
    if (ready == null) {
      return only;
    }
    AttemptTracer attempt = ready.tells() ? attempt(args) : null;
    int picked = picker.pick(readsAttempts ? seen(attempt, args) : Attempt.ANY);
    if (picked < 0) {
      return only;
    }
    Unimplemented unimplemented = plan.unimplemented();
    if (unimplemented == null || !unimplemented.isAny()) {
      return ready.result(picked, attempt);
    }
    PickResult other = ready.other(picked, unimplemented, attempt);
    if (other != null) {
      return other;
    }
    // Nobody is better off elsewhere.
    return young && more ? PickResult.withNoResult() : ready.result(picked, attempt);
  }

  private static AttemptTracer attempt(PickSubchannelArgs args) {
    AttemptTracers tracers = AttemptTracers.in(args.getCallOptions());
    return tracers == null ? null : tracers.attempt(args.getHeaders());
  }

  private static Attempt seen(AttemptTracer attempt, PickSubchannelArgs args) {
    return attempt == null ? new UnknownCall(args) : attempt;
  }
}
