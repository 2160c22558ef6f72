package io.meshagent.core.run;

import io.meshagent.core.log.Log;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A loop on a daemon thread of its own, which starts with the first task. Thread-safe. A task that
 * throws is logged and the next one runs: nothing that one answer does wrong may end the registry.
 */
public final class ThreadLoop implements TaskLoop {

  private static final long GUESTS_STAY_MILLIS = 100;

  private final String name;
  private final ScheduledThreadPoolExecutor executor;

  /** Volatile: written by the loop's thread when it starts, read by whoever asks {@link #isOwn}. */
  private volatile Thread thread;

  private ThreadLoop(String name) {
    this.name = name;
    this.executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread created = AgentThreads.newThread(name, task);
              thread = created;
              return created;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * The same for tasks that run code of the program: its thread ends when nothing is left to do,
   * and takes along what that code has left in its locals. Also for what there is seldom to do.
   */
  public static ThreadLoop ofGuests(String name) {
    ThreadLoop loop = new ThreadLoop(name);
    loop.executor.setKeepAliveTime(GUESTS_STAY_MILLIS, TimeUnit.MILLISECONDS);
    loop.executor.allowCoreThreadTimeOut(true);
    return loop;
  }

  /** A loop whose thread has this name after the agent's prefix. */
  public static ThreadLoop named(String name) {
    return new ThreadLoop(name);
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(guarded(task));
  }

  @Override
  public Timer after(long delayNanos, Runnable task) {
    ScheduledFuture<?> scheduled =
        executor.schedule(guarded(task), delayNanos, TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        Log.warn("a task of thread " + name + " failed and was left out", e);
      }
    };
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public boolean isOwn() {
    return Thread.currentThread() == thread;
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
