package io.meshagent.core.run;

/**
 * Another loop, seen by one state machine: after a task that throws, be it for want of memory, the
 * machine is told, so that it can go on from a state in which nothing is half done. Without that it
 * might wait for ever for what the task was to plan. Thread-safe as the other loop is.
 */
public final class GuardedLoop implements TaskLoop {

  private final TaskLoop loop;
  private final Runnable afterThrow;

  /**
   * @param afterThrow run on the loop; what was thrown goes on to the loop behind, which logs it
   */
  public GuardedLoop(TaskLoop loop, Runnable afterThrow) {
    this.loop = loop;
    this.afterThrow = afterThrow;
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      boolean done = false;
      try {
        task.run();
        done = true;
      } finally {
        if (!done) {
          afterThrow.run();
        }
      }
    };
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(guarded(task));
  }

  @Override
  public Timer after(long delayNanos, Runnable task) {
    return loop.after(delayNanos, guarded(task));
  }

  @Override
  public long nanoTime() {
    return loop.nanoTime();
  }

  @Override
  public boolean isOwn() {
    return loop.isOwn();
  }

  @Override
  public void close() {
    loop.close();
  }
}
