package io.meshagent.core.admin;

import io.meshagent.core.engine.AgentThreads;
import io.meshagent.core.registry.TaskLoop;
import io.meshagent.core.registry.ThreadLoop;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Answers requests on a few threads, which end when there are none. The JDK's server reads a
 * request and writes the answer for as long as the other side pleases; here that is bounded,
 * because clients that stop halfway would take all threads, and then, waiting, the file descriptors
 * of the program. Thread-safe.
 */
final class AdminThreads implements Executor, AutoCloseable {

  private static final int THREADS = 3;

  private static final int MOST_WAITING = 16;

  private final long patienceNanos;
  private final ThreadPoolExecutor threads;

  /** Has a thread only while somebody is answered. */
  private final TaskLoop watch = ThreadLoop.ofGuests("admin-watch");

  /**
   * @param patienceNanos what a request may take, from the moment that there is a thread for it
   */
  AdminThreads(long patienceNanos) {
    this.patienceNanos = patienceNanos;
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            AgentThreads.named("admin"));
    threads.allowCoreThreadTimeOut(true);
  }

  /** If there is no room for it the server closes its connection. */
  @Override
  public void execute(Runnable request) {
    try {
      threads.execute(() -> answer(request));
    } catch (RejectedExecutionException e) {
      AdminThreads.<RuntimeException>fail(new IOException("too many requests wait", e));
    }
  }

  /** The server of Java 8 closes it on nothing else, and the interface does not let us say so. */
  @SuppressWarnings("unchecked")
  private static <E extends Exception> void fail(IOException cause) throws E {
    throw (E) cause;
  }

  private void answer(Runnable request) {
    Answering answering = new Answering(Thread.currentThread());
    TaskLoop.Timer limit = watch.after(patienceNanos, answering::giveUp);
    try {
      request.run();
    } finally {
      limit.cancel();
      answering.over();
    }
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    threads.shutdownNow();
    watch.close();
  }

  /** A request that has a thread. */
  private static final class Answering {

    /** Guarded by this. Null when it is over: the thread may have another request then. */
    private Thread thread;

    Answering(Thread thread) {
      this.thread = thread;
    }

    /** The connection is a channel: the interrupt closes it, whether it is read or written. */
    synchronized void giveUp() {
      if (thread != null) {
        thread.interrupt();
      }
    }

    synchronized void over() {
      thread = null;
    }
  }
}
