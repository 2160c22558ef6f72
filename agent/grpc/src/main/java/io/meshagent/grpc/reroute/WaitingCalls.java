package io.meshagent.grpc.reroute;

import io.grpc.SynchronizationContext;
import java.util.concurrent.TimeUnit;

/**
 * Has a channel pick again for the calls that wait for the directory, before the first of them can
 * wait no longer. Confined to the channel's sync context, but for {@link #notLongerThan}.
 */
final class WaitingCalls {

  /** By then the directory has said something in any case: the most of discover.first-wait. */
  private static final long LONGEST_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private final ChannelSync sync;
  private final Runnable pickAgain;
  private boolean ended;

  /** Null if there is no such call. */
  private SynchronizationContext.ScheduledHandle next;

  /** Counts only with {@link #next}. */
  private long nextNanos;

  /**
   * @param pickAgain run in the sync context
   */
  WaitingCalls(ChannelSync sync, Runnable pickAgain) {
    this.sync = sync;
    this.pickAgain = pickAgain;
  }

  /** Some call can't wait longer than that. Any thread. */
  void notLongerThan(long millis) {
    if (millis <= LONGEST_MILLIS) {
      long nanos = sync.mesh().nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      sync.execute(() -> plan(millis, nanos));
    }
  }

  private void plan(long millis, long nanos) {
    if (ended || (next != null && nextNanos - nanos <= 0)) {
      return;
    }
    cancel();
    nextNanos = nanos;
    next =
        sync.later(
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
