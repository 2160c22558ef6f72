package io.meshagent.core.policy.fault;

import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Draws what goes wrong with a call, has it wait for as long, and lets it go on or ends it. A call
 * that can't wait is not delayed, nor one for which too many are already.
 */
final class FaultStage implements Stage {

  private final Injection injection;
  private final DelayedCalls delayedCalls;
  private final Supplier<Random> random;
  private final Wait wait;

  FaultStage(Injection injection, DelayedCalls delayedCalls) {
    this(injection, delayedCalls, ThreadLocalRandom::current);
  }

  FaultStage(Injection injection, DelayedCalls delayedCalls, Supplier<Random> random) {
    this.injection = injection;
    this.delayedCalls = delayedCalls;
    this.random = random;
    this.wait = Wait.on("a delay that mesh-agent injects (" + injection.name + ")");
  }

  /** What is kept for a call that waits. */
  private static final class Delayed {

    /** Null if it only comes later. */
    final Fault abort;

    /** Whether its time has come, or it has not and counts no more: what is first. */
    final AtomicBoolean over = new AtomicBoolean();

    boolean counted;
    Runnable cancel = () -> {};

    Delayed(Fault abort) {
      this.abort = abort;
    }
  }

  @Override
  public boolean keepsState() {
    return true;
  }

  @Override
  public Verdict enter(Call call) {
    Delayed before = (Delayed) call.kept(this);
    if (before != null) {
      giveBack(call);
      return before.abort == null ? null : aborted(before.abort);
    }
    FaultRule.Drawn drawn = injection.rule.draw(random.get());
    if (drawn == null) {
      return null;
    }
    if (drawn.delayNanos > 0) {
      if (call.canWait() && delay(call, drawn)) {
        injection.delayed.increment();
        return wait;
      }
      injection.leftOut.increment();
    }
    return drawn.abort == null ? null : aborted(drawn.abort);
  }

  private boolean delay(Call call, FaultRule.Drawn drawn) {
    Delayed delayed = new Delayed(drawn.abort);
    call.keep(this, delayed);
    if (!delayedCalls.tryAdd()) {
      call.keep(this, null);
      return false;
    }
    delayed.counted = true;
    delayed.cancel =
        call.after(
            drawn.delayNanos,
            () -> {
              if (delayed.over.compareAndSet(false, true)) {
                call.resume();
              }
            });
    return true;
  }

  private Refusal aborted(Fault abort) {
    injection.aborted.increment();
    return Refusal.asFailure(
        "fault",
        abort.code(),
        "fault injected by mesh-agent: " + abort + " (" + injection.name + ")");
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
    Delayed delayed = (Delayed) call.kept(this);
    if (delayed == null) {
      return;
    }
    call.keep(this, null);
    boolean early = delayed.over.compareAndSet(false, true);
    if (delayed.counted) {
      delayedCalls.remove();
    }
    if (early) {
      delayed.cancel.run();
    }
  }
}
