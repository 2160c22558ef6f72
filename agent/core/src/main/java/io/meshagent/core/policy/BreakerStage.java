package io.meshagent.core.policy;

import io.meshagent.core.api.Call;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Refusal;
import io.meshagent.core.api.Stage;

/**
 * Refuses the calls of a method that keeps failing, and tries it again after a while.
 *
 * <p>A stream has proved the server when the first answer comes; it reports then and holds no probe
 * for as long as it lives. If it fails later all the same, that is one more failure.
 */
final class BreakerStage implements Stage {

  private static final long TENTH_OF_A_SECOND = 100_000_000;

  private final String method;
  private final Breaker breaker;
  private final boolean streaming;

  BreakerStage(String method, Breaker breaker, boolean streaming) {
    this.method = method;
    this.breaker = breaker;
    this.streaming = streaming;
  }

  @Override
  public Refusal enter(Call call) {
    int permit = breaker.tryEnter();
    if (permit == Breaker.REFUSED) {
      return Refusal.of("breaker", Code.UNAVAILABLE, description());
    }
    call.breakerPermit = permit;
    return null;
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
    int permit = call.breakerPermit;
    if (streaming && permit > 0) {
      // Negative: it has reported, and this is what it was.
      call.breakerPermit = -permit;
      breaker.report(permit, false, call.elapsedNanos());
    }
  }

  @Override
  public void leave(Call call) {
    int permit = call.breakerPermit;
    call.breakerPermit = Breaker.REFUSED;
    if (permit == Breaker.REFUSED) {
      return;
    }
    Failures.Kind kind = Failures.kindOf(call.code(), call.isUnsent());
    if (kind == Failures.Kind.SERVER) {
      breaker.report(Math.abs(permit), true, call.elapsedNanos());
    } else if (permit > 0 && kind == Failures.Kind.LOCAL) {
      breaker.release(permit);
    } else if (permit > 0) {
      breaker.report(permit, false, call.elapsedNanos());
    }
  }
}
