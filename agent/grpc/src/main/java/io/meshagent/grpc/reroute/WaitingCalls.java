package io.meshagent.grpc.reroute;

import io.grpc.LoadBalancer.Helper;
import io.grpc.SynchronizationContext;
import io.meshagent.core.api.Mesh;
import java.util.concurrent.TimeUnit;

/**
 * Has a channel pick again for the calls that wait for the directory, before the first of them can
 * wait no longer. Confined to the channel's sync context, but for {@link #notLongerThan}.
 */
final class WaitingCalls {

  /** By then the directory has said something in any case: the most of discover.first-wait. */
  private static final long LONGEST_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private final Helper helper;
  private final Mesh mesh;
  private final Runnable pickAgain;
  private boolean ended;

  /** Null if there is no such call. */
  private SynchronizationContext.ScheduledHandle next;

  /** Counts only with {@link #next}. */
  private long nextNanos;

  /**
   * @param pickAgain run in the sync context
   */
  WaitingCalls(Helper helper, Mesh mesh, Runnable pickAgain) {
    this.helper = helper;
    this.mesh = mesh;
    this.pickAgain = pickAgain;
  }

  /** Some call can't wait longer than that. Any thread. */
  void notLongerThan(long millis) {
    if (millis <= LONGEST_MILLIS) {
      long nanos = mesh.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      helper
          .getSynchronizationContext()
          .execute(SyncTask.guarded(mesh, ChannelRouter.PLACE, () -> plan(millis, nanos)));
    }
  }

  private void plan(long millis, long nanos) {
    if (ended || (next != null && nextNanos - nanos <= 0)) {
      return;
    }
    cancel();
    nextNanos = nanos;
    next =
        SyncTask.later(
            helper,
            mesh,
            ChannelRouter.PLACE,
            millis,
            () -> {
              next = null;
              pickAgain.run();
            });
  }

  private void cancel() {
    if (next != null) {
      next.cancel();
      next = null;
    }
  }

  void end() {
    ended = true;
    cancel();
  }
}
