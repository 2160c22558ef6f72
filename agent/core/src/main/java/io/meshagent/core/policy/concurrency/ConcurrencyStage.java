package io.meshagent.core.policy.concurrency;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import io.meshagent.core.policy.concurrency.WaitingCall.State;

/**
 * Lets so many calls in as there are places; the others wait, where there is a queue and they can,
 * or are refused. A call holds its place until it ends, a stream too.
 *
 * <p>What a call keeps is there before a place is taken, so that no error in between can lose one:
 * {@link Held#PLACE}, a time since when it has its place, or the {@link WaitingCall} that it was.
 */
final class ConcurrencyStage implements Stage {

  /** What a call keeps that has not waited. */
  private enum Held {
    NOTHING,
    PLACE
  }

  /** The same where times count. */
  private static final class TimedPlace {
    final long takenNanos;

    TimedPlace(long takenNanos) {
      this.takenNanos = takenNanos;
    }
  }

  private final ConcurrencyLimit limit;
  private final boolean streaming;
  private final Wait wait;

  /**
   * @param streaming whether client or server may send more than one message: how long such a call
   *     takes says nothing
   */
  ConcurrencyStage(ConcurrencyLimit limit, boolean streaming) {
    this.limit = limit;
    this.streaming = streaming;
    this.wait = Wait.on("a place (mesh-agent: " + limit.name() + ")");
  }

  @Override
  public boolean keepsState() {
    return true;
  }

  @Override
  public Verdict enter(Call call) {
    Object kept = call.kept(this);
    return kept instanceof WaitingCall ? ask(call, (WaitingCall) kept) : first(call);
  }

  private Verdict first(Call call) {
    Object place =
        limit.places().isAdaptive() && !streaming ? new TimedPlace(limit.nanoTime()) : Held.PLACE;
    call.keep(this, Held.NOTHING);
    if (limit.tryEnter()) {
      call.keep(this, place);
      return null;
    }
    if (limit.settings().queue > 0 && call.canWait()) {
      WaitingCall waits = new WaitingCall(call);
      call.keep(this, waits);
      if (limit.join(waits)) {
        return wait;
      }
    }
    call.keep(this, null);
    return refused(limit.waiting() > 0 ? ", and " + limit.waiting() + " wait" : "");
  }

  private Verdict ask(Call call, WaitingCall waited) {
    State state = limit.ask(waited, call.canWait());
    switch (state) {
      case IN:
        return null;
      case WAITING:
        return wait;
      case TIMED_OUT:
        return refused(
            ", and this one waited for " + limit.settings().queueTimeout.toMillis() + " ms");
      case PUSHED_OUT:
        return refused(", and a younger one took its place in the full queue");
      default:
        return refused(", and this one can't wait any longer");
    }
  }

  private Refusal refused(String more) {
    return Refusal.of(
        "concurrency",
        Code.RESOURCE_EXHAUSTED,
        "mesh-agent: "
            + limit.places().most()
            + " calls are under way, and more may not be ("
            + limit.name()
            + ")"
            + more);
  }

  @Override
  public void abandoned(Call call) {
    giveBack(call);
  }

  @Override
  public void leave(Call call) {
    giveBack(call);
  }

  private void giveBack(Call call) {
    Object kept = call.kept(this);
    call.keep(this, null);
    if (kept instanceof WaitingCall) {
      WaitingCall waited = (WaitingCall) kept;
      if (waited.takenNanos != 0) {
        learn(call, waited.takenNanos);
      }
      limit.end(waited);
    } else if (kept == Held.PLACE) {
      limit.leave();
    } else if (kept instanceof TimedPlace) {
      learn(call, ((TimedPlace) kept).takenNanos);
      limit.leave();
    }
  }

  /** Of calls that failed at once nothing is learnt, nor of those that nobody waited for. */
  private void learn(Call call, long takenNanos) {
    Outcome outcome = call.outcome();
    boolean tells =
        outcome != null
            && !outcome.isUnsent()
            && (outcome.code() == Code.OK || outcome.code() == Code.DEADLINE_EXCEEDED);
    if (!streaming && tells) {
      limit.places().ended(takenNanos, limit.nanoTime());
    }
  }
}
