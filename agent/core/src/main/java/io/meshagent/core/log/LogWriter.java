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
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Writes what is said on a thread of its own, because a pipe that nobody reads blocks who writes
 * into it, and that must never be a thread of the program or one that holds a lock. What does not
 * fit into the queue is dropped and counted. The thread ends when nothing was said for a while.
 * Thread-safe.
 */
public final class LogWriter {

  private static final int MOST_WAITING = 1_000;

  /** Lines of calls come by the thousand, and a machine may have other things to do. */
  private static final int MOST_CALLS_WAITING = 8_192;

  /** Short: a program that the agent has let go of is to see no thread of it. */
  private static final long STAYS_MILLIS = 100;

  private final ThreadPoolExecutor thread;

  /** Since the last line that was written. */
  private final AtomicLong dropped = new AtomicLong();

  private final LongAdder allDropped = new LongAdder();
  private final LongAdder allWritten = new LongAdder();

  /** Volatile: the thread that writes is not always the same one. */
  private volatile OutputStream out;

  /** Null for a writer that has nothing to do with the end of the JVM. */
  private final LastLines lastLines;

  /**
   * @param out what may block
   */
  LogWriter(OutputStream out, ThreadFactory threads) {
    this(out, threads, MOST_WAITING, false);
  }

  private LogWriter(OutputStream out, ThreadFactory threads, int mostWaiting, boolean untilTheEnd) {
    this.out = out;
    this.lastLines = untilTheEnd ? new LastLines(this) : null;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            STAYS_MILLIS,
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(mostWaiting),
            threads,
            (task, full) -> drop());
    thread.allowCoreThreadTimeOut(true);
  }

  static LogWriter toErrorStream() {
    return new LogWriter(errorStream(), LogWriter::plainThread, MOST_WAITING, true);
  }

  /**
   * A writer for lines of calls, which waits a moment for the last of them at the end of the JVM.
   *
   * @param out what may block; null for the error stream
   */
  public static LogWriter ofCalls(OutputStream out, ThreadFactory threads) {
    return new LogWriter(out == null ? errorStream() : out, threads, MOST_CALLS_WAITING, true);
  }

  static OutputStream errorStream() {
    return new FileOutputStream(FileDescriptor.err);
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

  /** What is said from now on goes there. */
  void writeTo(OutputStream next) {
    run(
        () -> {
          closeFile();
          out = next;
        });
  }

  ThreadFactory threads() {
    return thread.getThreadFactory();
  }

  /** Nothing of this is to remain in the JVM; what is said from now on may be lost at its end. */
  public void release() {
    run(this::closeFile);
    boolean unused = flush(LastLines.PATIENCE_MILLIS);
    if (lastLines != null) {
      lastLines.release();
    }
  }

  /** Returns at once. */
  void write(String text) {
    run(() -> print(text));
  }

  /**
   * The same for a line that is put together on the thread that writes.
   *
   * @param line with its end; must not fail
   */
  public void write(Supplier<String> line) {
    run(() -> print(line.get()));
  }

  private void run(Runnable task) {
    try {
      if (lastLines != null) {
        lastLines.ensure();
      }
      thread.execute(task);
    } catch (RuntimeException | Error e) {
      // No thread can be had. What is said next may say so.
      drop();
    }
  }

  private void drop() {
    dropped.incrementAndGet();
    allDropped.increment();
  }

  /** Lines that found no room. */
  public long dropped() {
    return allDropped.sum();
  }

  /** Lines that were written. */
  public long written() {
    return allWritten.sum();
  }

  /** A file may be written to again; the error stream is the program's. */
  private void closeFile() {
    try {
      if (out instanceof RotatingFile) {
        out.close();
      }
    } catch (IOException e) {
      // Nothing is left to be done with it.
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
      allWritten.increment();
      if (thread.getQueue().isEmpty()) {
        out.flush();
      }
    } catch (IOException e) {
      dropped.addAndGet(lost + 1);
      allDropped.increment();
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
