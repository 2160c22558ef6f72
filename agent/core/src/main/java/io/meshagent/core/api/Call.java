package io.meshagent.core.api;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * One call on its way through a {@link CallPlan}. The adapter makes one per call and extends it
 * with access to the call's headers; the stages keep their state for the call in its fields, which
 * saves them a map and an allocation.
 *
 * <p>{@link #admit} is called once, on the program's thread that starts the call. {@link #end} may
 * be called from any thread and any number of times (close, cancel and throw race): the first one
 * wins. Fields are written before the call is handed to gRPC or by the winner of {@link #end},
 * hence plain.
 */
public abstract class Call {

  private static final AtomicIntegerFieldUpdater<Call> STATE =
      AtomicIntegerFieldUpdater.newUpdater(Call.class, "state");
  private static final int NEW = 0;
  private static final int OPEN = 1;
  private static final int ENDED = 2;

  private final CallPlan plan;
  private final Stage[] stages;
  private final Mesh mesh;

  /** Volatile because the end may come from another thread than the start. See the constants. */
  private volatile int state = NEW;

  private int entered;
  private boolean responded;
  private long startNanos;
  private Code code;
  private String description;
  private Refusal refusal;
  private boolean unsent;

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

  protected Call(CallPlan plan, Mesh mesh) {
    this.plan = plan;
    this.stages = plan.stages();
    this.mesh = mesh;
  }

  /**
   * The value of an ASCII header of this call, or null. Client: what the program gave the call, and
   * in {@link Stage#sending} what the attempt will send.
   */
  public abstract String header(String name);

  /** Adds an ASCII header to what a client's attempt will send. Never called on a server. */
  public abstract void addHeader(String name, String value);

  /**
   * Takes the call through the stages in order.
   *
   * @return null if it may go on, else the refusal; the call has then ended and gave everything
   *     back
   */
  public final Refusal admit() {
    // Even a library's class that is first used here may ask for a property.
    return Rights.isAsked() ? Rights.ours(this::enterAll) : enterAll();
  }

  private Refusal enterAll() {
    startNanos = mesh.nanoTime();
    for (Stage stage : stages) {
      Refusal verdict = enter(stage);
      if (verdict != null) {
        refusal = verdict;
        state = OPEN;
        end(verdict.code(), verdict.description());
        return verdict;
      }
      entered++;
    }
    state = OPEN;
    return null;
  }

  private Refusal enter(Stage stage) {
    try {
      return stage.enter(this);
    } catch (RuntimeException | LinkageError e) {
      failed(stage, e);
      return null;
    }
  }

  private void failed(Stage stage, Throwable cause) {
    mesh.failed("stage " + stage.getClass().getSimpleName() + " of " + plan.method(), cause);
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
      } catch (RuntimeException | LinkageError e) {
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
      } catch (RuntimeException | LinkageError e) {
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
    if (!STATE.compareAndSet(this, OPEN, ENDED)) {
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

  private boolean leaveAll() {
    for (int i = entered - 1; i >= 0; i--) {
      try {
        stages[i].leave(this);
      } catch (RuntimeException | LinkageError e) {
        failed(stages[i], e);
      }
    }
    return true;
  }

  public final CallPlan plan() {
    return plan;
  }

  /** When the call was admitted, in {@link Mesh#nanoTime} terms. */
  public final long startNanos() {
    return startNanos;
  }

  /** Nanoseconds since {@link #startNanos}. */
  public final long elapsedNanos() {
    return mesh.nanoTime() - startNanos;
  }

  /** How the call ended; null until then. */
  public final Code code() {
    return code;
  }

  /** The description of the status the call ended with; may be null. */
  public final String description() {
    return description;
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
