package io.meshagent.core.policy.shed;

import io.meshagent.core.run.TaskLoop;

/** Runs the task that comes next when it is told to. */
final class TestLoop implements TaskLoop {

  Runnable next;
  int begun;

  @Override
  public void execute(Runnable task) {
    begun++;
    task.run();
  }

  @Override
  public Timer after(long delayNanos, Runnable task) {
    next = task;
    return Timer.NONE;
  }

  @Override
  public long nanoTime() {
    return 0;
  }

  @Override
  public boolean isOwn() {
    return true;
  }

  @Override
  public void close() {}

  /** Returns whether there was one. */
  boolean step() {
    Runnable task = next;
    next = null;
    if (task != null) {
      task.run();
    }
    return task != null;
  }
}
