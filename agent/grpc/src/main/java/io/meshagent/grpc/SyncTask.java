package io.meshagent.grpc;

import io.grpc.SynchronizationContext;
import io.meshagent.core.api.Mesh;

/**
 * Something of ours to be done in a channel's sync context, handed over by a thread of the agent's.
 * That thread may have to do what the program has waiting there, too, and starts threads of the
 * program's: they are to find the program's loader and not ours. Stateless.
 */
public final class SyncTask {

  private SyncTask() {}

  /** Runs it now or when the context is free; what it throws goes no further. */
  public static void hand(SynchronizationContext sync, Mesh mesh, String place, Runnable task) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(SynchronizationContext.class.getClassLoader());
    try {
      sync.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException | LinkageError e) {
              // Let through, it would end the channel.
              mesh.failed(place, e);
            }
          });
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
