package io.meshagent.core.registry.etcd;

import io.meshagent.core.registry.FeedState;
import io.meshagent.core.registry.FeedStatus;
import io.meshagent.core.run.TaskLoop;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the feeds of a registry have lived through, for metrics. Written on their loop, read by any
 * thread.
 */
public final class FeedRecord {

  private final TaskLoop loop;
  private final AtomicLong relists = new AtomicLong();
  private final AtomicLong failedLists = new AtomicLong();
  private final AtomicLong rebuilds = new AtomicLong();
  private final AtomicLong compactions = new AtomicLong();

  /** Volatile: written by the loop, read by views. Null before the first word. */
  private volatile Long heardAt;

  FeedRecord(TaskLoop loop) {
    this.loop = loop;
  }

  void heard() {
    heardAt = loop.nanoTime();
  }

  /**
   * @param again whether the feed had listed before
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

  FeedStatus status(FeedState state, long entriesSkipped) {
    return status(state, entriesSkipped, 0);
  }

  FeedStatus status(FeedState state, long entriesSkipped, int entriesLeftOut) {
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
