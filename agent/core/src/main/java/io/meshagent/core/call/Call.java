package io.meshagent.core.call;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Copies;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.Survived;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * One call on its way through a {@link Pipeline}. The adapter makes one per call and extends it
 * with access to the call's headers.
 *
 * <p>{@link #admit} is called on the program's thread that starts the call; again if a stage had it
 * wait, and then by one thread at a time, which never runs beside {@link #end}: the adapter sees to
 * that. Otherwise {@link #end} may be called from any thread and any number of times (close, cancel
 * and throw race): the first one wins.
 */
public abstract class Call extends CallRecord {

  private static final AtomicIntegerFieldUpdater<Call> STATE =
      AtomicIntegerFieldUpdater.newUpdater(Call.class, "state");
  private static final int NEW = 0;
  private static final int WAITING = 1;
  private static final int OPEN = 2;
  private static final int ENDED = 3;

  private static final AtomicReferenceFieldUpdater<Call, Runnable> RESUME =
      AtomicReferenceFieldUpdater.newUpdater(Call.class, Runnable.class, "resume");

  /** Stands for a stage that has resumed the call before the adapter was ready for it. */
  private enum Early implements Runnable {
    RESUMED;

    @Override
    public void run() {}
  }

  /** Volatile because the end may come from another thread than the start. See the constants. */
  private volatile int state = NEW;

  /** Volatile: the adapter's thread and the stage's meet here. Null while nobody is ready. */
  private volatile Runnable resume;

  private int entered;
  private boolean responded;

  /** Volatile: the program's thread may say so while the call waits. */
  private volatile boolean hasWaitedEnough;

  protected Call(CallPlan plan, Agent agent) {
    super(plan, agent);
  }

  /**
   * The value of an ASCII header of this call, or null. Client: what the program gave the call, and
   * in {@link Stage#sending} what the attempt will send.
   */
  public abstract String header(String name);

  /** All values of an ASCII header, joined by commas, where it may come several times; or null. */
  public String allOf(String name) {
    return header(name);
  }

  /** Adds an ASCII header to what a client's attempt will send. Never called on a server. */
  public abstract void addHeader(String name, String value);

  /**
   * Who answered, for telling one from another: null if that is not known, as of calls that hang.
   * To be asked only while the call ends.
   */
  public Object peer() {
    return null;
  }

  /**
   * The application that made a server's call, by its own word; null if it does not say. Worth no
   * more than who can reach the server is trusted.
   */
  public String callerName() {
    return null;
  }

  /**
   * Whom the certificate names that the other end of a server's connection has proven to have;
   * empty without one.
   */
  public List<String> certified() {
    return Collections.emptyList();
  }

  /** Whether the program has said that it would rather have this call wait than fail. */
  public boolean prefersWaiting() {
    return false;
  }

  /** Whether the adapter could keep this call. */
  protected boolean isKeepable() {
    return false;
  }

  /** Whether the stage that is being entered may answer {@link Wait}. */
  public final boolean canWait() {
    return !hasWaitedEnough && isKeepable();
  }

  /**
   * Takes the call through the stages in order, or goes on with the one that had it wait.
   *
   * @return null if it may go on; {@link Wait}: then {@link #park} comes next; or the word of a
   *     stage that ended it: it gave everything back, and what to tell is its {@link #outcome}
   */
  public final Verdict admit() {
    // Even a library's class that is first used here may ask for a property.
    return Rights.isAsked() ? Rights.ours(this::enterAll) : enterAll();
  }

  private Verdict enterAll() {
    if (state == NEW) {
      begins();
    } else {
      resume = null;
    }
    Stage[] stages = pipeline.stages;
    while (entered < stages.length) {
      Verdict verdict = enter(stages[entered]);
      if (verdict instanceof Wait && canWait()) {
        if (verdict != Wait.FOR_REQUEST && wantsNotes()) {
          note("waited for " + ((Wait) verdict).reason());
        }
        state = WAITING;
        return verdict;
      }
      if (verdict instanceof Refusal) {
        endHere(Outcome.of((Refusal) verdict));
        return verdict;
      }
      if (verdict instanceof Answer) {
        endHere(Outcome.of((Answer) verdict).unsent());
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

  private void endHere(Outcome own) {
    state = OPEN;
    boolean unused = end(closing(own));
  }

  /**
   * After {@link #admit} has said {@link Wait}: the adapter is ready for the call to be resumed.
   *
   * @param newResume has {@link #admit} called again, soon and on a thread of the adapter's choice;
   *     run at most once, at once if the stage has resumed the call already
   */
  public final void park(Runnable newResume) {
    if (resume == Early.RESUMED || !RESUME.compareAndSet(this, null, newResume)) {
      newResume.run();
    }
  }

  /** For the stage that had the call wait: its time has come. Any thread; once a wait. */
  public final void resume() {
    Runnable ready = RESUME.getAndSet(this, Early.RESUMED);
    if (ready != null) {
      ready.run();
    }
  }

  /** The adapter keeps no more of what the program does: the stage decides without a wait. */
  public final void waitedEnough() {
    hasWaitedEnough = true;
  }

  /** Whether it has ended: what a stage has kept may have been cancelled meanwhile. */
  public final boolean isOver() {
    return state == ENDED;
  }

  /** Whether it has not ended since an attempt reached a connection so long ago. */
  public final boolean hasLivedFor(long nanos) {
    return hasLeft() && state == OPEN && sinceLeftNanos() >= nanos;
  }

  /** Whatever a stage throws, an error too, is ours: the call goes on as without it. */
  private void failed(Stage stage, Throwable cause) {
    String place;
    try {
      place = "stage " + stage.getClass().getSimpleName() + " of " + plan().method();
    } catch (Throwable again) {
      // No memory is left to say where.
      place = "stage";
    }
    Survived.tell(agent, place, cause);
  }

  /**
   * For a stage of a client, in {@link Stage#sending}: a copy of this call is to be sent, too. It
   * is none of this call's affairs what becomes of it.
   */
  public void copy(Copies to) {
    to.unsent(Copies.End.NOT_COPIED);
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

  /** Whether the server has begun to answer. */
  public final boolean hasResponded() {
    return responded;
  }

  private boolean tellOfResponse() {
    for (int i = entered - 1; i >= 0; i--) {
      Stage stage = pipeline.stages[i];
      try {
        stage.responded(this);
      } catch (Throwable e) {
        failed(stage, e);
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
      Stage stage = pipeline.stages[i];
      try {
        stage.sending(this);
      } catch (Throwable e) {
        failed(stage, e);
      }
    }
    return true;
  }

  /**
   * Asks the stages, last first, what the program is to be told. At most once, before {@link #end}
   * is called with what comes back, unless the program ends the call itself.
   *
   * @return the same if nothing was put in its place
   */
  public final Outcome closing(Outcome own) {
    if (!pipeline.replaces() || isOver()) {
      return own;
    }
    return Rights.isAsked() ? Rights.ours(() -> replaced(own)) : replaced(own);
  }

  private Outcome replaced(Outcome own) {
    Outcome told = own;
    for (int i = state == WAITING ? entered : entered - 1; i >= 0; i--) {
      Stage stage = pipeline.stages[i];
      try {
        Outcome next = stage.replacesOutcomes() ? stage.replace(this, told) : told;
        if (next != told && next != null && !(next.answer() != null && hasDelivered())) {
          told = next.insteadOf(told, i);
        }
      } catch (Throwable e) {
        failed(stage, e);
      }
    }
    return told;
  }

  /**
   * Ends the call and leaves every stage that it entered, last first.
   *
   * @return true if this was the first end; later ones change nothing
   */
  public final boolean end(Outcome by) {
    boolean waited = STATE.compareAndSet(this, WAITING, ENDED);
    if (!waited && !STATE.compareAndSet(this, OPEN, ENDED)) {
      return false;
    }
    return Rights.isAsked() ? Rights.ours(() -> leaveAll(by, waited)) : leaveAll(by, waited);
  }

  /**
   * As {@link #end(Outcome)} with a status that has no more to it.
   *
   * @param description of the status, or null
   */
  public final boolean end(Code code, String description) {
    return end(Outcome.of(code, description));
  }

  private boolean leaveAll(Outcome by, boolean waited) {
    outcome(by);
    Stage[] stages = pipeline.stages;
    if (waited) {
      try {
        stages[entered].abandoned(this);
      } catch (Throwable e) {
        failed(stages[entered], e);
      }
    }
    for (int i = entered - 1; i >= 0; i--) {
      outcome(by.seenBy(i));
      try {
        stages[i].leave(this);
      } catch (Throwable e) {
        failed(stages[i], e);
      }
    }
    outcome(by);
    return true;
  }
}
