package io.meshagent.core.engine;

import io.meshagent.core.log.Log;
import io.meshagent.core.run.AgentThreads;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Does everything that may wait, in order: first the start, then what servers do. Any thread may
 * hand it something.
 */
final class EngineThread {

  private static final long LONGEST_STEP_MILLIS = 20_000;

  private final ExecutorService thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          AgentThreads.named("engine"),
          // What a late hook has to say when all is over interests nobody.
          new ThreadPoolExecutor.DiscardPolicy());

  /** After what was handed over before. Returns at once. */
  void execute(Runnable task) {
    thread.execute(task);
  }

  /**
   * After what was handed over before, and waits for it; a step that hangs is not waited for.
   *
   * @param meant what the task itself may wait for
   * @return what the task has said, or true if that is not known
   */
  boolean await(Callable<Boolean> task, Duration meant) {
    try {
      return thread.submit(task).get(LONGEST_STEP_MILLIS + meant.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      Log.warn("the agent could not let go of everything; the program runs on", e);
    }
    return true;
  }

  /** What was handed over is done, nothing else is taken. */
  void shutdown() {
    thread.shutdown();
  }
}
