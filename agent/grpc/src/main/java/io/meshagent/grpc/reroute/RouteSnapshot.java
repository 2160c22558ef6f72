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
import io.meshagent.grpc.base.Statuses;
import java.util.List;

/** One route as a picker sees it. Immutable but for the balancer's own counters. */
final class RouteSnapshot {

  /** The directory can't say yet where calls go: they wait, if they can. */
  static final RouteSnapshot UNDECIDED = new RouteSnapshot(PickResult.withNoResult());

  /** The same where a rule stands: none of them goes elsewhere meanwhile. */
  static final RouteSnapshot KEPT = new RouteSnapshot(PickResult.withNoResult());

  /** No connection is ready yet: calls wait for the next picker. */
  static final RouteSnapshot WAITING = new RouteSnapshot(PickResult.withNoResult());

  /** The directory has no instance: calls go where they always went. */
  static final RouteSnapshot ELSEWHERE = new RouteSnapshot((PickResult) null);

  /** How often the balancer is asked for one with room: one that takes any at random misses few. */
  private static final int LEAST_PICKS = 32;

  private static final int PICKS_FOR_EACH = 8;
  private static final int MOST_PICKS = 256;

  private static final PickResult[] NO_REFUSALS = {};
  private static final PickResult NOT_YET = PickResult.withNoResult();

  /** For all attempts where nothing is ready, and for those that the balancer gives nobody. */
  private final PickResult only;

  private final Ready ready;
  private final Balancer.Picker picker;
  private final boolean readsAttempts;

  /** Whether the route has other connections, and one may come up any moment. */
  private final boolean more;

  /** Run by each pick: some connections rest. Null if none does. */
  private final Runnable wake;

  /** For what the picker refuses. */
  private final PickResult[] refusals;

  private RouteSnapshot(PickResult only) {
    this(only, null);
  }

  private RouteSnapshot(PickResult only, Runnable wake) {
    this.only = only;
    this.wake = wake;
    this.ready = null;
    this.picker = null;
    this.readsAttempts = false;
    this.more = false;
    this.refusals = NO_REFUSALS;
  }

  private RouteSnapshot(
      Ready ready, Balancer balancer, boolean more, PickResult without, Runnable wake) {
    this.wake = wake;
    this.only = without;
    this.ready = ready;
    this.picker = balancer.picker(ready);
    this.readsAttempts = balancer.readsAttempts();
    this.more = more;
    List<String> why = picker.refusals();
    this.refusals = why.isEmpty() ? NO_REFUSALS : new PickResult[why.size()];
    for (int i = 0; i < refusals.length; i++) {
      refusals[i] = PickResult.withError(Statuses.refusedByRoute(why.get(i)));
    }
  }

  /** All calls fail. */
  static RouteSnapshot failing(Status error) {
    return new RouteSnapshot(PickResult.withError(error));
  }

  /** All connections rest, or fail: calls wait for the next picker. */
  static RouteSnapshot asleep(Runnable wake) {
    return new RouteSnapshot(PickResult.withNoResult(), wake);
  }

  /**
   * Calls go by the balancer.
   *
   * @param more whether the route has other connections, and one may come up any moment: then who
   *     gets nobody waits
   * @param without where else they go; null where they always went
   * @param wake run by each pick; null where no connection rests
   */
  static RouteSnapshot of(
      Ready ready, Balancer balancer, boolean more, Status without, Runnable wake) {
    PickResult none = without == null ? null : PickResult.withError(without);
    return new RouteSnapshot(ready, balancer, more, more ? NOT_YET : none, wake);
  }

  boolean isReady() {
    return ready != null && ready.size() > 0;
  }

  /** Whether a call may have to wait before it goes to an instance. */
  boolean mayWait() {
    return ready == null ? only != null : ready.size() == 0 || ready.isLimited();
  }

  /** Whether an attempt fails by the balancer's word, and is not to go elsewhere. */
  @SuppressWarnings("ReferenceEquality") // What others made is not ours, however equal.
  boolean refuses(PickResult result) {
    for (PickResult refusal : refusals) {
      if (refusal == result) {
        return true;
      }
    }
    return false;
  }

  /** Whether the picks want to know which call an attempt belongs to. */
  boolean readsAttempts() {
    return readsAttempts;
  }

  /**
   * Where one attempt goes.
   *
   * @param youth of a channel that is connected to a few instances yet; null if it is over
   * @return null if it goes where it always went
   */
  PickResult pick(PickSubchannelArgs args, CallPlan plan, WarmUp youth) {
    if (wake != null) {
      wake.run();
    }
    if (ready == null) {
      return only;
    }
    boolean repeats = plan.pipeline().repeats() != null;
    AttemptTracer attempt = ready.tells() || repeats ? attempt(args) : null;
    Attempt seen = readsAttempts || attempt != null ? seen(attempt, args) : Attempt.ANY;
    int picked = picker.pick(seen);
    if (picked < 0) {
      return nobody(picked, attempt);
    }
    Unimplemented unimplemented = plan.unimplemented();
    if (unimplemented == null || !unimplemented.isAny()) {
      return ready.isLimited()
          ? whereRoomIs(picked, seen, attempt, youth)
          : ready.result(picked, attempt);
    }
    int[] among = picker.among(seen);
    if (ready.isLimited()) {
      PickResult kept = whereRoomIs(picked, among, unimplemented, attempt, youth);
      if (kept != null) {
        return kept;
      }
    }
    PickResult other = ready.other(picked, among, unimplemented, attempt);
    if (other != null) {
      return other;
    }
    // Nobody is better off elsewhere.
    return youth != null && more ? NOT_YET : ready.result(picked, attempt);
  }

  /**
   * Where the balancer leads one attempt, or to another one if that is full, as the balancer takes
   * them: it leaves out those that fail. One that it takes for worse than those that are full,
   * because it has not answered yet, comes last. Where all are full and nothing can be done gRPC
   * lets the call wait in a transport; else it is better kept until there is room.
   */
  private PickResult whereRoomIs(int first, Attempt seen, AttemptTracer attempt, WarmUp youth) {
    PickResult taken = ready.taken(first, attempt);
    int full = first;
    int picks = Math.max(LEAST_PICKS, Math.min(MOST_PICKS, PICKS_FOR_EACH * ready.size()));
    for (int i = 0; taken == null && i < picks; i++) {
      int other = picker.pick(seen);
      taken = other >= 0 ? ready.taken(other, attempt) : null;
      if (other >= 0 && taken == null && !ready.mayGetMore(full)) {
        full = other;
      }
    }
    if (taken == null) {
      int any = picker.any(seen, ready::hasRoom);
      taken = any >= 0 ? ready.taken(any, attempt) : null;
    }
    if (taken != null) {
      return taken;
    }
    if (!isRoomToCome(full, youth)) {
      return ready.result(full, attempt);
    }
    // What had no room a moment ago may have it by now, and would tell nobody any more.
    taken = ready.taken(full, attempt);
    return taken != null ? taken : NOT_YET;
  }

  /**
   * The same where some do not know the method.
   *
   * @return null if who knows it has no room, and nothing can be done about that
   */
  private PickResult whereRoomIs(
      int first, int[] among, Unimplemented unimplemented, AttemptTracer attempt, WarmUp youth) {
    PickResult taken = ready.otherWithRoom(first, among, unimplemented, attempt);
    if (taken != null || ready.hasRoom() || !isRoomToCome(first, youth)) {
      return taken;
    }
    taken = ready.otherWithRoom(first, among, unimplemented, attempt);
    return taken != null ? taken : NOT_YET;
  }

  /**
   * All are full: asks to be told when that is over, and for more connections, to those first that
   * a young channel has none to.
   */
  private boolean isRoomToCome(int full, WarmUp youth) {
    ready.awaitRoom();
    if (youth != null) {
      youth.fewAreFull();
      return true;
    }
    // Asked in this order: what comes by need counts before it is no longer to come.
    return more || ready.getMore(full) || !ready.isCurrent();
  }

  private PickResult nobody(int picked, AttemptTracer attempt) {
    if (attempt != null) {
      attempt.goesTo(null);
    }
    if (picked <= Balancer.Picker.REFUSED) {
      return refusals[Balancer.Picker.REFUSED - picked];
    }
    return picked == Balancer.Picker.LATER ? NOT_YET : only;
  }

  private static AttemptTracer attempt(PickSubchannelArgs args) {
    AttemptTracers tracers = AttemptTracers.in(args.getCallOptions());
    return tracers == null ? null : tracers.attempt(args.getHeaders());
  }

  private static Attempt seen(AttemptTracer attempt, PickSubchannelArgs args) {
    return attempt == null ? new UnknownCall(args) : attempt;
  }
}
