package io.meshagent.core.registry.publish;

import io.meshagent.core.run.TaskLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether anybody calls the servers of this JVM, told from counters that exist anyway, so that no
 * call pays for it. Confined to the registrar's loop, which looks from time to time.
 */
final class ServerActivity {

  static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LongSupplier begun;
  private final LongSupplier open;
  private final TaskLoop loop;

  private long lastBegun;
  private long busyAt;
  private boolean everBusy;

  /**
   * @param begun how many calls have begun since the start
   * @param open how many of them have not ended
   */
  ServerActivity(LongSupplier begun, LongSupplier open, TaskLoop loop) {
    this.begun = begun;
    this.open = open;
    this.loop = loop;
  }

  void look() {
    long now = begun.getAsLong();
    if (now != lastBegun || open.getAsLong() > 0) {
      lastBegun = now;
      busyAt = loop.nanoTime();
      everBusy = true;
    }
  }

  /** No call is under way and none has begun for a while. */
  boolean isIdle() {
    look();
    return !everBusy || loop.nanoTime() - busyAt >= REST_NANOS;
  }
}
