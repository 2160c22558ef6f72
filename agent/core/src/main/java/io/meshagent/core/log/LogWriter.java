package io.meshagent.core.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes what is said on a thread of its own, because a pipe that nobody reads blocks who writes
 * into it, and that must never be a thread of the program or one that holds a lock. What does not
 * fit into the queue is dropped and counted. The thread ends when nothing was said for a while.
 * Thread-safe.
 */
final class LogWriter {

  private static final int MOST_WAITING = 1_000;

  /** Short: a program that the agent has let go of is to see no thread of it. */
  private static final long STAYS_MILLIS = 100;

  private final OutputStream out;
  private final ThreadPoolExecutor thread;
  private final AtomicLong dropped = new AtomicLong();

  /** Null for a writer that has nothing to do with the end of the JVM. */
  private final LastLines lastLines;

  /**
   * @param out what may block
   */
  LogWriter(OutputStream out, ThreadFactory threads) {
    this(out, threads, false);
  }

  private LogWriter(OutputStream out, ThreadFactory threads, boolean untilTheEnd) {
    this.out = out;
    this.lastLines = untilTheEnd ? new LastLines(this) : null;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            STAYS_MILLIS,
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            threads,
            (task, full) -> dropped.incrementAndGet());
    thread.allowCoreThreadTimeOut(true);
  }

  static LogWriter toErrorStream() {
    return new LogWriter(new FileOutputStream(FileDescriptor.err), LogWriter::plainThread, true);
  }

  private static Thread plainThread(Runnable task) {
    Thread thread = new Thread(task, "mesh-agent-log");
    thread.setDaemon(true);
    return thread;
  }

  /** Where threads have to be made with more care than that. */
  void useThreads(ThreadFactory threads) {
    thread.setThreadFactory(threads);
  }

  ThreadFactory threads() {
    return thread.getThreadFactory();
  }

  /** Nothing of this is to remain in the JVM; what is said from now on may be lost at its end. */
  void release() {
    boolean unused = flush(LastLines.PATIENCE_MILLIS);
    if (lastLines != null) {
      lastLines.release();
    }
  }

  /** Returns at once. */
  void write(String text) {
    try {
      if (lastLines != null) {
        lastLines.ensure();
      }
      thread.execute(() -> print(text));
    } catch (RuntimeException | Error e) {
      // No thread can be had. What is said next may say so.
      dropped.incrementAndGet();
    }
  }

  private void print(String text) {
    long lost = dropped.getAndSet(0);
    try {
      if (lost > 0) {
        out.write(
            bytes(
                "[mesh-agent] "
                    + lost
                    + " lines of the log were dropped before this one"
                    + System.lineSeparator()));
      }
      out.write(bytes(text));
      out.flush();
    } catch (IOException e) {
      dropped.addAndGet(lost + 1);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns false if the time was over before all was written. */
  boolean flush(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      while (thread.getActiveCount() > 0 || !thread.getQueue().isEmpty()) {
        if (System.nanoTime() - end >= 0) {
          return false;
        }
        TimeUnit.MILLISECONDS.sleep(1);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
