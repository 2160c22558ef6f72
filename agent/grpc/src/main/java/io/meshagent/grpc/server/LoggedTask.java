package io.meshagent.grpc.server;

import io.meshagent.grpc.base.LogIds;
import java.util.concurrent.Callable;

/**
 * Has the ids of a call in the program's log context while a task runs by which its handler goes
 * on. Is whichever of the two the task is. Immutable.
 */
final class LoggedTask implements Runnable, Callable<Object> {

  private final Object task;
  private final LogIds ids;

  /**
   * @param task a {@code Runnable} or a {@code Callable}
   */
  LoggedTask(Object task, LogIds ids) {
    this.task = task;
    this.ids = ids;
  }

  @Override
  public void run() {
    ids.around((Runnable) task);
  }

  @Override
  public Object call() throws Exception {
    Object entered = ids.enter();
    try {
      return ((Callable<?>) task).call();
    } finally {
      ids.leave(entered);
    }
  }
}
