package io.meshagent.it.programs.stages;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Answer;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Stages that say one thing each. */
final class TrialStages {

  private TrialStages() {}

  /** Counts what it lets in and what comes out, and how. */
  static final class Tally implements Stage {
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    volatile Code last;

    @Override
    public Verdict enter(Call call) {
      open.incrementAndGet();
      return null;
    }

    @Override
    public void leave(Call call) {
      last = call.code();
      open.decrementAndGet();
      ended.incrementAndGet();
    }
  }

  /** Has each call wait once, for a while. */
  static final class Delay implements Stage {

    @Override
    public boolean keepsState() {
      return true;
    }

    @Override
    public Verdict enter(Call call) {
      if (call.kept(this) != null || !call.canWait()) {
        return null;
      }
      call.keep(this, true);
      Runnable unused = call.after(TimeUnit.MILLISECONDS.toNanos(20), call::resume);
      return Wait.on("the trial's delay");
    }

    @Override
    public void leave(Call call) {}
  }

  /** Has all calls wait until it is opened, then lets them go or refuses them. */
  static final class Gate implements Stage {
    final Queue<Call> waiting = new ConcurrentLinkedQueue<>();
    final AtomicInteger entered = new AtomicInteger();
    final AtomicInteger abandoned = new AtomicInteger();
    private final boolean refuses;
    private volatile boolean open;

    Gate(boolean refuses) {
      this.refuses = refuses;
    }

    @Override
    public Verdict enter(Call call) {
      if (!open && call.canWait()) {
        waiting.add(call);
        entered.incrementAndGet();
        return Wait.on("the trial's gate");
      }
      return refuses ? Refusal.of("gate", Code.RESOURCE_EXHAUSTED, "the gate is shut") : null;
    }

    void open() {
      open = true;
      for (Call call = waiting.poll(); call != null; call = waiting.poll()) {
        call.resume();
      }
    }

    @Override
    public void abandoned(Call call) {
      waiting.remove(call);
      abandoned.incrementAndGet();
    }

    @Override
    public void leave(Call call) {}
  }

  static Answer canned() {
    return Answer.of("fallback", "canned").withHeader("mesh-fallback", "trial");
  }

  /** Answers every call. */
  static final class Answering implements Stage {
    @Override
    public Verdict enter(Call call) {
      return canned();
    }

    @Override
    public void leave(Call call) {}
  }

  /** Turns UNAVAILABLE into a response. */
  static final class Fallback implements Stage {
    @Override
    public Verdict enter(Call call) {
      return null;
    }

    @Override
    public boolean replacesOutcomes() {
      return true;
    }

    @Override
    public Outcome replace(Call call, Outcome outcome) {
      return outcome.code() == Code.UNAVAILABLE ? Outcome.of(canned()) : outcome;
    }

    @Override
    public void leave(Call call) {}
  }

  /** Fails whatever it is asked. */
  static final class Broken implements Stage {
    @Override
    public Verdict enter(Call call) {
      throw new IllegalStateException("broken");
    }

    @Override
    public boolean replacesOutcomes() {
      return true;
    }

    @Override
    public Outcome replace(Call call, Outcome outcome) {
      throw new StackOverflowError("broken");
    }

    @Override
    public void leave(Call call) {
      throw new NoSuchMethodError("broken");
    }
  }
}
