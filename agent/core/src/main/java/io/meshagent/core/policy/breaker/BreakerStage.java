package io.meshagent.core.policy.breaker;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;

/**
 * Refuses the calls of a method that keeps failing, and tries it again after a while. A call that
 * can wait is not refused: it said that it would rather wait than fail, and is let in when the
 * others are.
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

  public BreakerStage(String method, Breaker breaker, boolean streaming) {
    this.method = method;
    this.breaker = breaker;
    this.streaming = streaming;
    this.waiting = breaker.waitingRoom();
  }

  @Override
  public Verdict enter(Call call) {
    if (breaker.tryEnter(call)) {
      return null;
    }
    if (call.canWait()) {
      waiting.add(call);
      return Wait.UNTIL_RESUMED;
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
    if (streaming && call.breakerPermit > 0) {
      breaker.usualTime().answered(call.elapsedNanos());
      breaker.report(call, false);
    }
  }

  @Override
  public void leave(Call call) {
    if (call.breakerPermit > 0) {
      judge(call);
    }
    call.breakerPermit = Breaker.NONE;
  }

  private void judge(Call call) {
    switch (Failures.kindOf(call, streaming, breaker.usualTime())) {
      case SERVER:
        breaker.report(call, true);
        break;
      case LOCAL:
        breaker.release(call);
        break;
      case HEALTHY:
        breaker.usualTime().answered(call.elapsedNanos());
        breaker.report(call, false);
        break;
      default:
        breaker.report(call, false);
    }
  }
}
