package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.FeedStatus;
import io.meshagent.core.run.TaskLoop;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the mirrors of an etcd have lived through, for metrics. Written on their loop, read by any
 * thread.
 */
public final class MirrorRecord {

  private final TaskLoop loop;
  private final AtomicLong relists = new AtomicLong();
  private final AtomicLong failedLists = new AtomicLong();
  private final AtomicLong rebuilds = new AtomicLong();
  private final AtomicLong compactions = new AtomicLong();

  /** Volatile: written by the loop, read by views. Null before the first word. */
  private volatile Long heardAt;

  public MirrorRecord(TaskLoop loop) {
    this.loop = loop;
  }

  void heard() {
    heardAt = loop.nanoTime();
  }

  /**
   * @param again whether the mirror had listed before
   */
  void listed(boolean again) {
    heard();
    if (again) {
      relists.incrementAndGet();
    }
  }

  void listFailed() {
    failedLists.incrementAndGet();
  }

  void rebuilt() {
    rebuilds.incrementAndGet();
  }

  void compacted() {
    compactions.incrementAndGet();
  }

  /**
   * All of it at this moment.
   *
   * @param state of the mirror that matters
   */
  public FeedStatus status(FeedState state, long entriesSkipped, int entriesLeftOut) {
    Long heard = heardAt;
    return new FeedStatus(
        state,
        heard == null ? OptionalDouble.empty() : OptionalDouble.of(seconds(heard)),
        new FeedStatus.Counts(relists.get(), rebuilds.get(), compactions.get(), entriesSkipped)
            .withListFailures(failedLists.get())
            .withEntriesLeftOut(entriesLeftOut));
  }

  private double seconds(long since) {
    return (loop.nanoTime() - since) / 1e9;
  }
}
