package io.meshagent.core.call;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Rights;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * One call on its way through a {@link CallPlan}. The adapter makes one per call and extends it
 * with access to the call's headers; the stages keep their state for the call in its fields, which
 * saves them a map and an allocation.
 *
 * <p>{@link #admit} is called on the program's thread that starts the call; again if a stage had it
 * wait, and then by one thread at a time, which never runs beside {@link #end}: the adapter sees to
 * that. Otherwise {@link #end} may be called from any thread and any number of times (close, cancel
 * and throw race): the first one wins. Fields are written before the call is handed to gRPC or by
 * the winner of {@link #end}, hence plain.
 */
public abstract class Call {

  private static final AtomicIntegerFieldUpdater<Call> STATE =
      AtomicIntegerFieldUpdater.newUpdater(Call.class, "state");
  private static final int NEW = 0;
  private static final int WAITING = 1;
  private static final int OPEN = 2;
  private static final int ENDED = 3;

  /** It did not end because a deadline was over. */
  private static final long IN_TIME = -1;

  private final CallPlan plan;
  private final Stage[] stages;
  private final Agent agent;

  /** Volatile because the end may come from another thread than the start. See the constants. */
  private volatile int state = NEW;

  private int entered;
  private boolean responded;
  private long startNanos;
  private Code code;
  private String description;
  private Refusal refusal;
  private boolean unsent;
  private boolean passedOn;
  private long timeGivenNanos = IN_TIME;
  private boolean inheritedTime;

  /** Volatile: written by gRPC's threads, read by whoever asks {@link #hasLivedFor}. */
  private volatile long leftNanos;

  /** Volatile, and written after the time. */
  private volatile boolean left;

  /** Null if the call can't wait. */
  private Runnable waiter;

  /** The trace stage's own: the span of this call. Only that stage touches it. */
  public Object span;

  /**
   * The trace context around this call, opaque to all but the trace stage. Client: what the adapter
   * found in the program's gRPC context, set before {@link #admit}, the stage's from then on.
   * Server: what the adapter puts there for the handler, read after {@link #admit}; null for
   * nothing.
   */
  public Object traceContext;

  /** The breaker stage's own: which of its permits this call holds; 0 for none. */
  public int breakerPermit;

  protected Call(CallPlan plan, Agent agent) {
    this.plan = plan;
    this.stages = plan.stages();
    this.agent = agent;
  }

  /**
   * The value of an ASCII header of this call, or null. Client: what the program gave the call, and
   * in {@link Stage#sending} what the attempt will send.
   */
  public abstract String header(String name);

  /** Adds an ASCII header to what a client's attempt will send. Never called on a server. */
  public abstract void addHeader(String name, String value);

  /**
   * Takes the call through the stages in order, or goes on with the one that had it wait.
   *
   * @return null if it may go on; a refusal, and the call has then ended and gave everything back;
   *     or that it has to wait until it is resumed
   */
  public final Verdict admit() {
    // Even a library's class that is first used here may ask for a property.
    return Rights.isAsked() ? Rights.ours(this::enterAll) : enterAll();
  }

  private Verdict enterAll() {
    if (state == NEW) {
      startNanos = agent.nanoTime();
    }
    while (entered < stages.length) {
      Verdict verdict = enter(stages[entered]);
      if (verdict == Wait.UNTIL_RESUMED && waiter != null) {
        state = WAITING;
        return verdict;
      }
      if (verdict instanceof Refusal) {
        refusal = (Refusal) verdict;
        state = OPEN;
        end(refusal.code(), refusal.description());
        return verdict;
      }
      entered++;
    }
    state = OPEN;
    return null;
  }

  private Verdict enter(Stage stage) {
    try {
      return stage.enter(this);
    } catch (Throwable e) {
      failed(stage, e);
      return null;
    }
  }

  /**
   * Before {@link #admit}: the call may be kept.
   *
   * @param resume has {@link #admit} called again, soon and on a thread of the adapter's choice
   */
  public final void mayWait(Runnable resume) {
    waiter = resume;
  }

  /** Whether the stage that is being entered may answer {@link Wait}. */
  public final boolean canWait() {
    return waiter != null;
  }

  /** Whether it has ended: what a stage has kept may have been cancelled meanwhile. */
  public final boolean isOver() {
    return state == ENDED;
  }

  /** For the stage that had the call wait: its time has come. Any thread. */
  public final void resume() {
    waiter.run();
  }

  /** Runs a task of a stage after a while, see {@link Agent#after}. */
  public final void after(long nanos, Runnable task) {
    Runnable unused = agent.after(nanos, task);
  }

  /** Whatever a stage throws, an error too, is ours: the call goes on as without it. */
  private void failed(Stage stage, Throwable cause) {
    try {
      agent.failed("stage " + stage.getClass().getSimpleName() + " of " + plan.method(), cause);
    } catch (Throwable again) {
      // No memory or no stack is left to say so.
    }
  }

  /** Tells the stages, once, that the server has begun to answer. */
  public final void responded() {
    if (responded || state != OPEN) {
      return;
    }
    responded = true;
    if (Rights.isAsked()) {
      Rights.ours(this::tellOfResponse);
    } else {
      boolean unused = tellOfResponse();
    }
  }

  private boolean tellOfResponse() {
    for (int i = entered - 1; i >= 0; i--) {
      try {
        stages[i].responded(this);
      } catch (Throwable e) {
        failed(stages[i], e);
      }
    }
    return true;
  }

  /** Tells the stages that an attempt is about to leave; one attempt at a time. */
  protected final void sending() {
    if (Rights.isAsked()) {
      Rights.ours(this::tellOfSending);
    } else {
      boolean unused = tellOfSending();
    }
  }

  private boolean tellOfSending() {
    for (int i = 0; i < entered; i++) {
      try {
        stages[i].sending(this);
      } catch (Throwable e) {
        failed(stages[i], e);
      }
    }
    return true;
  }

  /**
   * Ends the call and leaves every stage that it entered, last first.
   *
   * @param endDescription the status' description, or null
   * @return true if this was the first end; later ones change nothing
   */
  public final boolean end(Code endCode, String endDescription) {
    if (!STATE.compareAndSet(this, OPEN, ENDED) && !STATE.compareAndSet(this, WAITING, ENDED)) {
      return false;
    }
    code = endCode;
    description = endDescription;
    return Rights.isAsked() ? Rights.ours(this::leaveAll) : leaveAll();
  }

  /** Ends a call that never left: its start failed, and no server had a part in that. */
  public final void endUnsent(Code endCode, String endDescription) {
    unsent = true;
    boolean unused = end(endCode, endDescription);
  }

  /** An attempt of the call has reached a connection. Any thread. */
  public final void left() {
    leftNanos = agent.nanoTime();
    left = true;
  }

  /** Whether the adapter has told that an attempt reached a connection. */
  public final boolean hasLeft() {
    return left;
  }

  /** Whether it has not ended since an attempt reached a connection so long ago. */
  public final boolean hasLivedFor(long nanos) {
    return left && state == OPEN && agent.nanoTime() - leftNanos >= nanos;
  }

  /** Before {@link #end}: no attempt of it ever reached a connection. */
  public final void neverLeft() {
    unsent = true;
  }

  /** Before {@link #end}: its status is a refusal that the server had from elsewhere. */
  public final void passedOn() {
    passedOn = true;
  }

  /**
   * Before {@link #end}: a deadline of the caller's was over.
   *
   * @param givenNanos how long the call had from its start
   * @param inherited whether the deadline was that of the work which the call is a part of, and not
   *     one for this call
   */
  public final void ranOutOfTime(long givenNanos, boolean inherited) {
    timeGivenNanos = Math.max(0, givenNanos);
    inheritedTime = inherited;
  }

  private boolean leaveAll() {
    for (int i = entered - 1; i >= 0; i--) {
      try {
        stages[i].leave(this);
      } catch (Throwable e) {
        failed(stages[i], e);
      }
    }
    return true;
  }

  public final CallPlan plan() {
    return plan;
  }

  /** When the call was admitted, in {@link Agent#nanoTime} terms. */
  public final long startNanos() {
    return startNanos;
  }

  /** Nanoseconds since {@link #startNanos}. */
  public final long elapsedNanos() {
    return agent.nanoTime() - startNanos;
  }

  /** How the call ended; null until then. */
  public final Code code() {
    return code;
  }

  /** The description of the status the call ended with; may be null. */
  public final String description() {
    return description;
  }

  /** Whether the server has begun to answer. */
  public final boolean hasResponded() {
    return responded;
  }

  /** Whether it ended because a deadline of the caller's was over. */
  public final boolean isOutOfTime() {
    return timeGivenNanos != IN_TIME;
  }

  /** How long a call that is out of time had; counts only then, as does the next. */
  public final long timeGivenNanos() {
    return timeGivenNanos;
  }

  /** Whether that time was what was left of other work. */
  public final boolean hadInheritedTime() {
    return inheritedTime;
  }

  /** Whether its end is a refusal that the server was given by another one and handed on. */
  public final boolean isPassedOn() {
    return passedOn;
  }

  /**
   * Who answered, for telling one from another: null if that is not known, as of calls that hang.
   * To be asked only while the call ends.
   */
  public Object peer() {
    return null;
  }

  /** Whether it ended before anything was sent. */
  public final boolean isUnsent() {
    return unsent || refusal != null;
  }

  /** The refusal that ended this call, or null if the program's server or client ended it. */
  public final Refusal refusal() {
    return refusal;
  }
}
