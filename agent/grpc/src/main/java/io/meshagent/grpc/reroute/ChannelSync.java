package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancer.Helper;
import io.grpc.SynchronizationContext;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.api.Rights;
import io.meshagent.core.api.Survived;
import java.util.concurrent.TimeUnit;

/**
 * The sync context of one channel, and how something of ours gets there: what it throws goes no
 * further, for let through it would end the channel. Any thread.
 */
final class ChannelSync {

  /** Where something failed, for metrics and the log. */
  private static final String PLACE = "a channel's routing";

  private final Helper helper;
  private final SynchronizationContext context;
  private final Mesh mesh;

  /** What is handed over is done with these: threads that gRPC starts inherit them. */
  private final Rights rights;

  /**
   * @param rights those of whoever made the channel active
   */
  ChannelSync(Helper helper, Mesh mesh, Rights rights) {
    this.helper = helper;
    this.context = helper.getSynchronizationContext();
    this.mesh = mesh;
    this.rights = rights;
  }

  Helper helper() {
    return helper;
  }

  Mesh mesh() {
    return mesh;
  }

  void throwIfNotInThis() {
    context.throwIfNotInThisSynchronizationContext();
  }

  /** The task, for what runs there by itself. */
  Runnable guarded(Runnable task) {
    return SyncTask.guarded(mesh, PLACE, task);
  }

  /** Runs it now or when the context is free, from a thread of the program's. */
  void execute(Runnable task) {
    context.execute(guarded(task));
  }

  /** Runs it there after a while. */
  SynchronizationContext.ScheduledHandle later(long millis, Runnable task) {
    return context.schedule(
        guarded(task), millis, TimeUnit.MILLISECONDS, helper.getScheduledExecutorService());
  }

  /** Runs it now or when the context is free, from a thread of the agent's. */
  void hand(Runnable task) {
    SyncTask.hand(context, rights, mesh, PLACE, task);
  }

  /** Runs it there soon, from a thread on which nothing of the program may run. */
  void handAsGuest(Runnable task) {
    mesh.asGuest(() -> hand(task));
  }

  void failed(Throwable cause) {
    Survived.tell(mesh, PLACE, cause);
  }
}
