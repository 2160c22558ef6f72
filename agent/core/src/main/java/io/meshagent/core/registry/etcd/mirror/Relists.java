package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.run.TaskLoop;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * When a mirror that watches lists everything afresh: every five minutes, soon after trouble, and
 * less and less often while that fails. Always sooner by a random part, so that not all programs
 * ask in the same moment. Confined to the mirror's loop.
 */
final class Relists {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long USUAL_NANOS = 300 * SECOND;
  private static final long AFTER_TROUBLE_NANOS = 10 * SECOND;

  /** Which entry is to take the place of one that went, only a list can tell. */
  private static final long WITH_ROOM_NANOS = 30 * SECOND;

  private final TaskLoop loop;
  private final Supplier<Runnable> list;
  private TaskLoop.Timer next = TaskLoop.Timer.NONE;
  private long nextAt;

  /** How many lists have failed, one after the other, since the last that did not. */
  private int failed;

  /**
   * @param list how to begin a list, if the mirror still watches then as it does now
   */
  Relists(TaskLoop loop, Supplier<Runnable> list) {
    this.loop = loop;
    this.list = list;
  }

  void listed() {
    failed = 0;
  }

  void failed() {
    failed++;
  }

  /** Whether it was more than a single one: then the watch that stands proves little. */
  boolean keepFailing() {
    return failed > 1;
  }

  void planNext() {
    if (keepFailing()) {
      in(Math.min(AFTER_TROUBLE_NANOS << Math.min(failed - 1, 5), USUAL_NANOS), 0.5);
    } else {
      in(USUAL_NANOS, 0.2);
    }
  }

  void planAfterTrouble() {
    in(AFTER_TROUBLE_NANOS, 0.8);
  }

  /** An entry went where others are left out. */
  void planWithRoom() {
    if (nextAt - loop.nanoTime() > WITH_ROOM_NANOS) {
      in(WITH_ROOM_NANOS, 0.5);
    }
  }

  private void in(long nanos, double randomPart) {
    next.cancel();
    long wait = (long) (nanos * (1 - randomPart * ThreadLocalRandom.current().nextDouble()));
    nextAt = loop.nanoTime() + wait;
    next = loop.after(wait, list.get());
  }

  void cancel() {
    next.cancel();
  }
}
