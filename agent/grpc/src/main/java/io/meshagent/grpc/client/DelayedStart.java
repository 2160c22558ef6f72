package io.meshagent.grpc.client;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A call that waits before it starts: keeps what the program does with it, and does it when a stage
 * resumes the call. Needs no thread meanwhile. The program's threads, those of its executor and the
 * agent's timer meet here, under a lock that neither the program nor a stage is called under.
 *
 * <p>gRPC has a {@code DelayedClientCall} for the same purpose, in three incompatible shapes since
 * 1.32 and in none before.
 */
final class DelayedStart<B> implements Runnable {

  /**
   * So much is kept. The call is not ready, which a program that sends more has not asked; then the
   * stage has to let it go or refuse it.
   */
  static final int MOST_KEPT = 10_000;

  private enum State {
    /** For a stage. */
    WAITING,
    /** The stages are asked again; who would end the call has to wait for what they say. */
    ASKING,
    /** It may go: what was kept is being done. */
    STARTING,
    /** The call goes on by itself, and nothing is kept any more. */
    STARTED,
    /** It never will, and nothing that is done with it has any effect. */
    ENDED
  }

  private final GovernedCall<?, B> of;
  private final OutgoingCall call;
  private final ClientCall.Listener<B> listener;
  private final Metadata headers;
  private final WaitWatch watch;

  /** Guarded by this. */
  private final Queue<Runnable> kept = new ArrayDeque<>();

  /** Guarded by this. */
  private State state = State.WAITING;

  /** Guarded by this. What it waits for. */
  private Wait wait;

  /** Guarded by this. What came to end it while the stages were asked; null nearly always. */
  private Runnable end;

  /** Guarded by this. Whether the program has sent a message. */
  private boolean sent;

  /** For a call that a stage has wait. */
  DelayedStart(
      GovernedCall<?, B> of,
      OutgoingCall call,
      ClientCall.Listener<B> listener,
      Metadata headers,
      Wait wait) {
    this.of = of;
    this.call = call;
    this.listener = listener;
    this.headers = headers;
    this.wait = wait;
    this.watch = new WaitWatch(of, call, this);
  }

  /** From now on it can be resumed, and its time can run out. */
  void begin() {
    if (wait == Wait.FOR_REQUEST) {
      watch.awaitRequest();
    } else {
      watch.begin();
      call.park(this);
    }
    if (of.isCancelled()) {
      // On another thread, before that one could see that the call waits.
      boolean unused = cancel("cancelled while it was started", null);
    }
  }

  /** The program has sent a message, which is kept: who waits for it is asked, on this thread. */
  void sent() {
    synchronized (this) {
      sent = true;
      if (state != State.WAITING || wait != Wait.FOR_REQUEST) {
        return;
      }
      state = State.ASKING;
    }
    ask(true);
  }

  /** Whether it waits no longer. */
  synchronized boolean isDecided() {
    return state != State.WAITING && state != State.ASKING;
  }

  /** A stage has resumed the call. Any thread. */
  @Override
  public void run() {
    of.onItsExecutor(this::askAgain);
  }

  private void askAgain() {
    synchronized (this) {
      if (state != State.WAITING) {
        return;
      }
      state = State.ASKING;
    }
    ask(false);
  }

  /**
   * @param directly on the program's thread, which expects what is thrown; else on its executor
   */
  private void ask(boolean directly) {
    Verdict verdict = call.admit();
    while (!isDecided(verdict)) {
      // The message came on another thread meanwhile.
      verdict = call.admit();
    }
    boolean waits = verdict instanceof Wait;
    Runnable ends = toEnd();
    if (ends != null && (waits || verdict == null)) {
      ends.run();
    } else if (verdict == Wait.FOR_REQUEST) {
      watch.awaitRequest();
    } else if (waits) {
      watch.begin();
      call.park(this);
    } else {
      watch.stop();
      if (verdict == null) {
        start(directly);
      } else {
        drop();
        if (directly) {
          of.answer(listener);
        } else {
          of.tell(listener, call.outcome());
        }
      }
    }
  }

  /** Returns false if the stages have to be asked once more. */
  private synchronized boolean isDecided(Verdict verdict) {
    boolean waits = verdict instanceof Wait;
    if (waits) {
      wait = (Wait) verdict;
    }
    if (end != null || (verdict != null && !waits)) {
      state = State.ENDED;
    } else if (verdict == Wait.FOR_REQUEST && sent) {
      return false;
    } else {
      state = waits ? State.WAITING : State.STARTING;
    }
    return true;
  }

  private synchronized Runnable toEnd() {
    return end;
  }

  private void start(boolean directly) {
    try {
      of.proceed(listener, headers);
    } catch (RuntimeException | Error e) {
      drop();
      if (directly) {
        throw e;
      }
      // Nobody is there any more to whom it could be thrown.
      listener.onClose(
          Status.UNKNOWN.withDescription("the call could not be started: " + e).withCause(e),
          new Metadata());
      return;
    }
    drain();
  }

  private void drain() {
    while (true) {
      Runnable next;
      synchronized (this) {
        next = kept.poll();
        if (next == null) {
          state = State.STARTED;
          return;
        }
      }
      next.run();
    }
  }

  /**
   * Keeps what the program does.
   *
   * @return false if nothing is kept any more: then it is done at once
   */
  boolean keeps(Runnable operation) {
    boolean full;
    synchronized (this) {
      if (state == State.ENDED || state == State.STARTED) {
        return state == State.ENDED;
      }
      kept.add(operation);
      full = state == State.WAITING && kept.size() > MOST_KEPT;
    }
    if (full) {
      call.waitedEnough();
      run();
    }
    return true;
  }

  synchronized boolean isStarted() {
    return state == State.STARTED;
  }

  /** Whether its message is all that it waits for: who asks before sending has to be told so. */
  synchronized boolean awaitsMessage() {
    return state == State.WAITING && wait == Wait.FOR_REQUEST;
  }

  /**
   * The program cancels.
   *
   * @return false if it does not wait any more: then there may be something to cancel
   */
  boolean cancel(String message, Throwable cause) {
    Status status = Status.CANCELLED.withDescription(message).withCause(cause);
    return endWaiting(() -> cancelled(status));
  }

  /** Nobody waits for an outcome: the stages have no say in what is told. */
  private void cancelled(Status status) {
    boolean unused = call.end(Outcome.of(Code.CANCELLED, status.getDescription()).unsent());
    close();
    of.onItsExecutor(() -> listener.onClose(status, new Metadata()));
  }

  /** Nobody waits for what the call is a part of. */
  void contextCancelled(Status status) {
    boolean unused = endWaiting(() -> cancelled(status));
  }

  void outOfTime() {
    boolean unused =
        endWaiting(
            () ->
                fail(
                    Outcome.of(Code.DEADLINE_EXCEEDED, "the call waited for " + reason())
                        .outOfTime(call.elapsedNanos(), false)));
  }

  void channelEnded() {
    boolean unused =
        endWaiting(
            () ->
                fail(
                    Outcome.of(
                        Code.UNAVAILABLE,
                        "Channel shutdown invoked while the call waited for " + reason())));
  }

  private synchronized String reason() {
    return wait.reason();
  }

  private void fail(Outcome outcome) {
    Outcome told = call.closing(outcome.unsent());
    boolean unused = call.end(told);
    close();
    of.onItsExecutor(() -> of.tell(listener, told));
  }

  private void close() {
    watch.stop();
    drop();
  }

  private boolean endWaiting(Runnable by) {
    synchronized (this) {
      if (state == State.ASKING) {
        end = end == null ? by : end;
        return true;
      }
      if (state != State.WAITING) {
        return false;
      }
      state = State.ENDED;
    }
    by.run();
    return true;
  }

  private synchronized void drop() {
    kept.clear();
    state = State.ENDED;
  }
}
