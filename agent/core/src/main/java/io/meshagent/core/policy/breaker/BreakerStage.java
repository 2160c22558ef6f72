package io.meshagent.core.policy.breaker;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;

/**
 * Refuses the calls of a method that keeps failing, and tries it again after a while. A call that
 * would rather wait than fail is not refused where it can wait: it is let in when the others are.
 *
 * <p>A stream has proved the server when the first answer comes; it reports then and holds no probe
 * for as long as it lives. What it ends with afterwards says nothing.
 */
public final class BreakerStage implements Stage {

  private static final long TENTH_OF_A_SECOND = 100_000_000;

  private final String method;
  private final Breaker breaker;
  private final boolean streaming;
  private final WaitingRoom waiting;
  private final Wait wait;

  public BreakerStage(String method, Breaker breaker, boolean streaming) {
    this.method = method;
    this.breaker = breaker;
    this.streaming = streaming;
    this.waiting = breaker.waitingRoom();
    this.wait = Wait.on("the circuit of " + method + " (mesh-agent: client.breaker)");
  }

  @Override
  public boolean keepsState() {
    return true;
  }

  @Override
  public Verdict enter(Call call) {
    Permit permit = breaker.tryEnter(call);
    if (permit != null) {
      call.keep(this, permit);
      return null;
    }
    if (call.prefersWaiting() && call.canWait()) {
      waiting.add(call);
      return wait;
    }
    return Refusal.of("breaker", Code.UNAVAILABLE, description());
  }

  private String description() {
    long tenths = (breaker.nanosToProbe() + TENTH_OF_A_SECOND - 1) / TENTH_OF_A_SECOND;
    String next =
        tenths == 0
            ? "probes are under way"
            : "next probe in " + tenths / 10 + "." + tenths % 10 + " s";
    return "mesh-agent: circuit open for " + method + " (client.breaker), " + next;
  }

  @Override
  public void responded(Call call) {
    Permit permit = streaming ? taken(call) : null;
    if (permit != null && breaker.counts(permit)) {
      breaker.usualTime().answered(call.elapsedNanos());
      breaker.report(permit, call, false);
    }
  }

  @Override
  public void leave(Call call) {
    Permit permit = taken(call);
    if (permit != null && breaker.counts(permit)) {
      judge(permit, call);
    }
  }

  /** The call's permit, to be reported or released now; null if that was done. */
  private Permit taken(Call call) {
    Permit permit = (Permit) call.kept(this);
    if (permit != null) {
      call.keep(this, null);
    }
    return permit;
  }

  private void judge(Permit permit, Call call) {
    switch (Failures.kindOf(call, streaming, breaker.usualTime())) {
      case SERVER:
        breaker.report(permit, call, true);
        break;
      case LOCAL:
        breaker.release(permit);
        break;
      case HEALTHY:
        breaker.usualTime().answered(call.elapsedNanos());
        breaker.report(permit, call, false);
        break;
      default:
        breaker.report(permit, call, false);
    }
  }
}
