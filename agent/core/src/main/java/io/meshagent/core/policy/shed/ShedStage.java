package io.meshagent.core.policy.shed;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import java.util.concurrent.TimeUnit;

/**
 * Refuses calls while the CPU is busy and more are under way than can be answered at once; and for
 * a second after it was, since refusing is what made it less busy. The rule is that of Kratos'
 * limiter.
 */
final class ShedStage implements Stage {

  private static final long GOES_ON_NANOS = TimeUnit.SECONDS.toNanos(1);

  private enum Held {
    NOTHING,
    COUNTED
  }

  private final Shedding shedding;
  private final int threshold;

  /** Volatile, as is the next: written and read by any call. Whether it was busy lately. */
  private volatile boolean sheds;

  private volatile long busyNanos;

  /**
   * @param threshold in percent
   */
  ShedStage(Shedding shedding, int threshold) {
    this.shedding = shedding;
    this.threshold = threshold;
  }

  @Override
  public boolean keepsState() {
    return true;
  }

  @Override
  public Refusal enter(Call call) {
    call.keep(this, Held.NOTHING);
    double percent = shedding.cpu().percent();
    if (isBusy(percent)) {
      int most = shedding.served().mostAtOnce(shedding.nanoTime());
      int now = shedding.underWay().get();
      if (most != Served.UNKNOWN && now > 1 && now > most) {
        if (percent >= threshold) {
          busyNanos = shedding.nanoTime();
          sheds = true;
        }
        return refused(percent, now);
      }
    }
    int unused = shedding.underWay().incrementAndGet();
    call.keep(this, Held.COUNTED);
    return null;
  }

  private boolean isBusy(double percent) {
    if (percent >= threshold) {
      return true;
    }
    if (!sheds) {
      return false;
    }
    if (shedding.nanoTime() - busyNanos <= GOES_ON_NANOS) {
      return true;
    }
    sheds = false;
    return false;
  }

  private static Refusal refused(double percent, int now) {
    return Refusal.of(
        "shed",
        Code.RESOURCE_EXHAUSTED,
        "mesh-agent: the CPU is at "
            + Math.round(percent)
            + " % and "
            + now
            + " calls are under way (server.shed)");
  }

  @Override
  public void leave(Call call) {
    if (call.kept(this) != Held.COUNTED) {
      return;
    }
    call.keep(this, Held.NOTHING);
    int unused = shedding.underWay().decrementAndGet();
    Outcome outcome = call.outcome();
    if (outcome != null && outcome.code() == Code.OK && !outcome.isUnsent()) {
      shedding.served().add(call.elapsedNanos(), shedding.nanoTime());
    }
  }
}
