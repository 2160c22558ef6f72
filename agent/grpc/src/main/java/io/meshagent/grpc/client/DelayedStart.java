package io.meshagent.grpc.client;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.meshagent.core.api.Code;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Verdict;
import io.meshagent.core.call.Wait;
import io.meshagent.grpc.base.MetadataCall;
import io.meshagent.grpc.base.Statuses;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * A call that waits before it starts: keeps what the program does with it, and does it when a stage
 * resumes the call. Needs no thread meanwhile. The program's threads, those of its executor and the
 * agent's timer meet here, under a lock that nothing of the program's is called under.
 *
 * <p>gRPC has a {@code DelayedClientCall} for the same purpose, in three incompatible shapes since
 * 1.32 and in none before.
 */
final class DelayedStart implements Runnable, Context.CancellationListener {

  /** What the program sees of the call; the methods are called on its executor. */
  interface Program {

    /** It may start. What its interceptors throw is thrown. */
    void proceed();

    /** It has ended before it could start. */
    void close(Status status, Refusal refusalOrNull);

    /** Runs a task where gRPC would call the listener, in the caller's context. */
    void onItsExecutor(Runnable task);
  }

  private final Program program;
  private final MetadataCall call;
  private final Mesh mesh;
  private final Context context;
  private final Deadline deadline;
  private final String waitsFor;

  /** Guarded by this. */
  private final Queue<Runnable> kept = new ArrayDeque<>();

  /** Guarded by this. Whether the call goes on by itself, and nothing is kept any more. */
  private boolean started;

  /** Guarded by this. Whether it never will, and nothing that is done with it has any effect. */
  private boolean ended;

  /** Guarded by this. Whether it was decided how it goes on. */
  private boolean decided;

  /** Guarded by this. */
  private Runnable cancelTimer = () -> {};

  /**
   * @param deadline the earlier one of the call's and the context's; may be null
   */
  DelayedStart(Program program, MetadataCall call, Mesh mesh, Context context, Deadline deadline) {
    this.program = program;
    this.call = call;
    this.mesh = mesh;
    this.context = context;
    this.deadline = deadline;
    this.waitsFor = call.plan().method();
  }

  /** The first try, on the program's thread. */
  synchronized Verdict admit() {
    Verdict verdict = call.admit();
    decided = verdict != Wait.UNTIL_RESUMED;
    return verdict;
  }

  /** After a first try that has to wait: from now on its time can run out. */
  void begin() {
    if (deadline != null) {
      Runnable cancel =
          mesh.after(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)), this::outOfTime);
      boolean late;
      synchronized (this) {
        late = decided;
        cancelTimer = cancel;
      }
      if (late) {
        cancel.run();
      }
    }
    context.addListener(this, Runnable::run);
  }

  /** A stage has resumed the call. Any thread. */
  @Override
  public void run() {
    program.onItsExecutor(this::tryAgain);
  }

  private void tryAgain() {
    Verdict verdict;
    synchronized (this) {
      if (decided) {
        return;
      }
      verdict = call.admit();
      if (verdict == Wait.UNTIL_RESUMED) {
        return;
      }
      decided = true;
    }
    stopWatching();
    if (verdict instanceof Refusal) {
      drop();
      program.close(Statuses.status((Refusal) verdict), (Refusal) verdict);
      return;
    }
    try {
      program.proceed();
    } catch (RuntimeException | Error e) {
      // Nobody is there any more to whom it could be thrown.
      drop();
      program.close(
          Status.UNKNOWN.withDescription("the call could not be started: " + e).withCause(e), null);
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
          started = true;
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
  synchronized boolean keeps(Runnable operation) {
    return ended || (!started && kept.add(operation));
  }

  synchronized boolean isStarted() {
    return started;
  }

  /**
   * The program cancels.
   *
   * @return false if it does not wait any more: then there may be something to cancel
   */
  boolean cancel(String message, Throwable cause) {
    return endWaiting(
        Code.CANCELLED, Status.CANCELLED.withDescription(message).withCause(cause), false);
  }

  private void outOfTime() {
    boolean unused =
        endWaiting(
            Code.DEADLINE_EXCEEDED,
            Status.DEADLINE_EXCEEDED.withDescription(
                "the call waited for the circuit of " + waitsFor + " (mesh-agent: client.breaker)"),
            true);
  }

  @Override
  public void cancelled(Context cancelled) {
    Deadline inherited = cancelled.getDeadline();
    if (inherited != null && inherited.isExpired()) {
      outOfTime();
    } else {
      boolean unused =
          endWaiting(
              Code.CANCELLED,
              Status.CANCELLED
                  .withDescription("the context was cancelled")
                  .withCause(cancelled.cancellationCause()),
              false);
    }
  }

  private boolean endWaiting(Code code, Status status, boolean late) {
    synchronized (this) {
      if (decided) {
        return false;
      }
      decided = true;
      call.neverLeft();
      if (late) {
        call.ranOutOfTime(call.elapsedNanos(), false);
      }
    }
    boolean unused = call.end(code, status.getDescription());
    stopWatching();
    drop();
    program.onItsExecutor(() -> program.close(status, null));
    return true;
  }

  private synchronized void drop() {
    kept.clear();
    ended = true;
  }

  private void stopWatching() {
    context.removeListener(this);
    Runnable cancel;
    synchronized (this) {
      cancel = cancelTimer;
    }
    cancel.run();
  }
}
