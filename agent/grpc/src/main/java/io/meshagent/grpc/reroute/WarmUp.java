package io.meshagent.grpc.reroute;

import io.grpc.SynchronizationContext;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The time in which a channel connects to a few instances of each service only: until it has been
 * used for some calls, has been there for a while, or the few take no more streams. Some programs
 * make a channel for each call, and with a connection to every instance that call would take many
 * times as long. Confined to the channel's sync context, but for {@link #picked} and {@link
 * #fewAreFull}.
 */
final class WarmUp {

  private static final long LONGEST_MILLIS = 250;
  private static final int MOST_PICKS = 8;

  private final ChannelSync sync;
  private final Runnable onEnd;
  private final AtomicInteger picks = new AtomicInteger();
  private boolean over;

  /** Null until it has begun. */
  private SynchronizationContext.ScheduledHandle timer;

  /**
   * @param onEnd run in the sync context if the youth ends by itself; has to call {@link #end}
   */
  WarmUp(ChannelSync sync, Runnable onEnd) {
    this.sync = sync;
    this.onEnd = onEnd;
  }

  /** The channel is used for a service; the first time counts. */
  void begin() {
    if (!over && timer == null) {
      timer = sync.later(LONGEST_MILLIS, this::endByItself);
    }
  }

  /** One of the few connections is given to a call. Any thread; cheap. */
  void picked() {
    if (picks.incrementAndGet() == MOST_PICKS) {
      sync.execute(this::endByItself);
    }
  }

  /** A call finds all streams of the few taken. Any thread; cheap. */
  void fewAreFull() {
    if (picks.getAndSet(MOST_PICKS) < MOST_PICKS) {
      sync.execute(this::endByItself);
    }
  }

  private void endByItself() {
    if (!over) {
      onEnd.run();
    }
  }

  void end() {
    over = true;
    if (timer != null) {
      timer.cancel();
    }
  }

  boolean isOver() {
    return over;
  }
}
