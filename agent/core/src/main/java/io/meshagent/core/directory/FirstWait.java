package io.meshagent.core.directory;

import io.meshagent.core.run.TaskLoop;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The time until the directory can tell where calls go: until the first list, or until it is known
 * that none comes soon. Then the disk is asked, and after it nothing is waited for any more.
 * Changed under the directory's lock; the views may be read by anybody.
 */
final class FirstWait {

  /** How long calls may wait for the disk, once it is known that the registry is away. */
  private static final long DISK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Object lock;
  private final TaskLoop loop;

  /** Null where nothing is kept on disk. */
  private final DiskSnapshot disk;

  private final Consumer<SnapshotFile.Content> found;
  private final Runnable over;
  private final CountDownLatch settled = new CountDownLatch(1);
  private boolean diskAsked;

  /** Volatile, as what follows: written under the lock, read by views. */
  private volatile boolean listed;

  private volatile boolean waiting = true;

  /** When what is on disk was written. */
  private volatile Instant fromDisk;

  /**
   * @param disk null to keep nothing
   * @param found takes what is on disk, with the lock held and only before the first list
   * @param over run with the lock held when there was neither list nor disk
   */
  FirstWait(
      Object lock,
      TaskLoop loop,
      DiskSnapshot disk,
      Consumer<SnapshotFile.Content> found,
      Runnable over) {
    this.lock = lock;
    this.loop = loop;
    this.disk = disk;
    this.found = found;
    this.over = over;
  }

  /**
   * A list has come. With the lock held.
   *
   * @return whether it is the first
   */
  boolean listed() {
    boolean first = !listed;
    listed = true;
    settled.countDown();
    return first;
  }

  /** The registry has not said anything in time: the disk has to do, or the channels' targets. */
  void goOnWithout() {
    synchronized (lock) {
      if (listed || diskAsked) {
        return;
      }
      diskAsked = true;
    }
    if (disk == null) {
      stop();
    } else {
      disk.read(this::take);
      TaskLoop.Timer unused = loop.after(DISK_NANOS, this::stop);
    }
  }

  private void take(SnapshotFile.Content content) {
    synchronized (lock) {
      if (content != null && !listed) {
        fromDisk = content.written();
        found.accept(content);
      }
    }
    stop();
  }

  private void stop() {
    synchronized (lock) {
      if (waiting) {
        waiting = false;
        over.run();
        settled.countDown();
      }
    }
  }

  /** Waits until calls need not: there was a list, or there will be none soon. */
  void await(long nanos) throws InterruptedException {
    boolean unused = settled.await(nanos, TimeUnit.NANOSECONDS);
  }

  /** Whether what is not known is nowhere, and not only not known yet. */
  boolean isOver() {
    return listed || !waiting;
  }

  boolean isListed() {
    return listed;
  }

  /** When the directory on disk that calls go by was written; null if they do not. */
  Instant writtenToDisk() {
    return listed ? null : fromDisk;
  }
}
