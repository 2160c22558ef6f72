package io.meshagent.grpc.client;

import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * A call that waits before it starts: keeps what the program does with it, and does it when a stage
 * resumes the call. Needs no thread meanwhile. The program's threads, those of its executor and the
 * agent's timer meet here, under a lock that neither the program nor a stage is called under.
 *
 * <p>gRPC has a {@code DelayedClientCall} for the same purpose, in three incompatible shapes since
 * 1.32 and in none before.
 */
final class DelayedStart<B> implements Runnable, Context.CancellationListener {

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
  private final Runnable channelEnded = this::channelEnded;

  /** Guarded by this. */
  private final Queue<Runnable> kept = new ArrayDeque<>();

  /** Guarded by this. */
  private State state = State.WAITING;

  /** Guarded by this. What it waits for. */
  private Wait wait;

  /** Guarded by this. What came to end it while the stages were asked; null nearly always. */
  private Runnable end;

  /** Guarded by this. */
  private Runnable cancelTimer = () -> {};

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
  }

  /** From now on it can be resumed, and its time can run out. */
  void begin() {
    Deadline deadline = of.deadline();
    if (deadline != null) {
      long left = Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS));
      Runnable cancel = call.after(left, this::outOfTime);
      synchronized (this) {
        cancelTimer = cancel;
      }
    }
    of.channel().shutdown().add(channelEnded);
    of.context().addListener(this, Runnable::run);
    if (isDecided()) {
      // By one of those, before all were there.
      stopWatching();
    }
    call.park(this);
    if (of.isCancelled()) {
      // On another thread, before that one could see that the call waits.
      boolean unused = cancel("cancelled while it was started", null);
    }
  }

  private synchronized boolean isDecided() {
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
    Verdict verdict = call.admit();
    boolean waits = verdict instanceof Wait;
    Runnable ends;
    synchronized (this) {
      ends = end;
      if (waits) {
        wait = (Wait) verdict;
      }
      if (ends != null || (verdict != null && !waits)) {
        state = State.ENDED;
      } else {
        state = waits ? State.WAITING : State.STARTING;
      }
    }
    if (ends != null && (waits || verdict == null)) {
      ends.run();
    } else if (waits) {
      call.park(this);
    } else {
      stopWatching();
      if (verdict == null) {
        start();
      } else {
        drop();
        of.tell(listener, call.outcome());
      }
    }
  }

  private void start() {
    try {
      of.proceed(listener, headers);
    } catch (RuntimeException | Error e) {
      // Nobody is there any more to whom it could be thrown.
      drop();
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

  /**
   * The program cancels.
   *
   * @return false if it does not wait any more: then there may be something to cancel
   */
  boolean cancel(String message, Throwable cause) {
    Status status = Status.CANCELLED.withDescription(message).withCause(cause);
    return endWaiting(() -> cancelled(status));
  }

  @Override
  public void cancelled(Context cancelled) {
    Deadline inherited = cancelled.getDeadline();
    if (inherited != null && inherited.isExpired()) {
      outOfTime();
    } else {
      Status status =
          Status.CANCELLED
              .withDescription("the context was cancelled")
              .withCause(cancelled.cancellationCause());
      boolean unused = endWaiting(() -> cancelled(status));
    }
  }

  /** Nobody waits for an outcome: the stages have no say in what is told. */
  private void cancelled(Status status) {
    boolean unused = call.end(Outcome.of(Code.CANCELLED, status.getDescription()).unsent());
    close();
    of.onItsExecutor(() -> listener.onClose(status, new Metadata()));
  }

  private void outOfTime() {
    boolean unused =
        endWaiting(
            () ->
                fail(
                    Outcome.of(Code.DEADLINE_EXCEEDED, "the call waited for " + reason())
                        .outOfTime(call.elapsedNanos(), false)));
  }

  private void channelEnded() {
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
    stopWatching();
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

  private void stopWatching() {
    of.context().removeListener(this);
    of.channel().shutdown().remove(channelEnded);
    Runnable cancel;
    synchronized (this) {
      cancel = cancelTimer;
    }
    cancel.run();
  }
}
