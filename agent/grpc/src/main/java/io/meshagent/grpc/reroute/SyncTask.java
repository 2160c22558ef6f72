package io.meshagent.grpc.reroute;

import io.grpc.SynchronizationContext;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.Survived;

/**
 * Something of ours to be done in a channel's sync context, handed over by a thread of the agent's.
 * That thread may have to do what the program has waiting there, too, and starts threads of the
 * program's: they are to find the program's loader and not ours. Stateless.
 */
public final class SyncTask {

  private SyncTask() {}

  /** The same task, but what it throws goes no further: let through, it would end the channel. */
  public static Runnable guarded(Mesh mesh, String place, Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (Throwable e) {
        Survived.tell(mesh, place, e);
      }
    };
  }

  /**
   * Runs it now or when the context is free; what it throws goes no further.
   *
   * @param rights those that it and what waits there are done with
   * @param place where it failed, if it does
   */
  public static void hand(
      SynchronizationContext sync, Rights rights, Mesh mesh, String place, Runnable task) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(SynchronizationContext.class.getClassLoader());
    try {
      rights.run(() -> sync.execute(guarded(mesh, place, task)));
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
