package io.meshagent.core.policy.breaker;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.RepeatRule;
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

  private final MethodCircuit circuit;
  private final boolean streaming;
  private final WaitingRoom waiting;
  private final Wait wait;

  BreakerStage(MethodCircuit circuit) {
    this.circuit = circuit;
    this.streaming = circuit.isStreaming();
    this.waiting = circuit.waitingRoom();
    this.wait = Wait.on("the circuit of " + circuit.method() + " (mesh-agent: client.breaker)");
  }

  @Override
  public boolean keepsState() {
    return true;
  }

  @Override
  public Verdict enter(Call call) {
    Permit permit = circuit.tryEnter(call);
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
    String forcedBy = circuit.forcedBy();
    if (forcedBy != null) {
      return "mesh-agent: circuit forced open for " + circuit.method() + " (" + forcedBy + ")";
    }
    Breaker breaker = circuit.breaker();
    long tenths = (breaker.nanosToProbe() + TENTH_OF_A_SECOND - 1) / TENTH_OF_A_SECOND;
    String next =
        tenths == 0
            ? "probes are under way"
            : "next probe in " + tenths / 10 + "." + tenths % 10 + " s";
    return "mesh-agent: circuit open for " + circuit.method() + " (client.breaker), " + next;
  }

  @Override
  public void responded(Call call) {
    Permit permit = streaming ? taken(call) : null;
    if (permit == null || permit == Permit.UNCOUNTED) {
      return;
    }
    Breaker breaker = breakerOf(permit);
    if (breaker.counts(permit)) {
      circuit.usualTime().answered(call.elapsedNanos());
      breaker.report(permit, call, false, took(breaker, permit, call));
    }
  }

  @Override
  public void leave(Call call) {
    Permit permit = taken(call);
    if (permit == null || permit == Permit.UNCOUNTED) {
      return;
    }
    Breaker breaker = breakerOf(permit);
    if (breaker.counts(permit)) {
      judge(breaker, permit, call);
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

  /** Other settings may have come since the call was let in. */
  private Breaker breakerOf(Permit permit) {
    return permit.isProbe() ? permit.breaker : circuit.breaker();
  }

  private void judge(Breaker breaker, Permit permit, Call call) {
    long took = took(breaker, permit, call);
    switch (Failures.kindOf(call, streaming, circuit.usualTime())) {
      case SERVER:
        breaker.report(permit, call, true, took);
        break;
      case LOCAL:
        if (breaker.isSlow(took) && isGivenUp(call)) {
          breaker.report(permit, call, false, took);
        } else {
          breaker.release(permit);
        }
        break;
      case HEALTHY:
        circuit.usualTime().answered(call.elapsedNanos());
        breaker.report(permit, call, false, took);
        break;
      default:
        breaker.report(permit, call, false, took);
    }
  }

  /**
   * How long the service took: since the call was let in, or of a call that was sent again since
   * its last attempt left. What it had waited for before, at this client, is not the service's.
   */
  private static long took(Breaker breaker, Permit permit, Call call) {
    if (!breaker.judgesTime()) {
      return call.elapsedNanos();
    }
    RepeatRule repeats = call.pipeline().repeats();
    return repeats != null && !repeats.isHedging() && call.hasLeft()
        ? call.sinceLeftNanos()
        : call.startNanos() + call.elapsedNanos() - permit.enteredNanos;
  }

  /** Whether the caller did not wait for the end; of a stream that says nothing about its pace. */
  private boolean isGivenUp(Call call) {
    return !streaming
        && !call.outcome().isUnsent()
        && (call.code() == Code.CANCELLED || call.code() == Code.DEADLINE_EXCEEDED);
  }
}
