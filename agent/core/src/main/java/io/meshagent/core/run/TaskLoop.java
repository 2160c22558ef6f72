package io.meshagent.core.run;

/**
 * Tasks of one owner, run one after the other, now or later, and the clock that they go by. What is
 * confined to a loop needs no locks. {@link #execute} and {@link #after} may be called by anybody.
 */
public interface TaskLoop {

  void execute(Runnable task);

  /** Runs the task once, not before the delay has passed. */
  Timer after(long delayNanos, Runnable task);

  /** As {@link System#nanoTime}. */
  long nanoTime();

  /** Whether the caller runs as a task of this loop. */
  boolean isOwn();

  /** No task begins after the one that runs now. */
  void close();

  /** A task that waits for its time. */
  interface Timer {

    /** A timer that has nothing to cancel. */
    Timer NONE = () -> {};

    /** Has no effect on a task that has begun. */
    void cancel();
  }
}
