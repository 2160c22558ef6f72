package io.meshagent.core.run;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** A loop whose clock stands still until a test moves it. Runs tasks on the test's thread. */
public final class ManualLoop implements TaskLoop {

  private record Later(long at, long order, Runnable task) {}

  private final Queue<Runnable> ready = new ArrayDeque<>();
  private final PriorityQueue<Later> later =
      new PriorityQueue<>(Comparator.comparingLong(Later::at).thenComparingLong(Later::order));
  private long now = 1_000_000_000_000L;
  private long order;
  private boolean running;

  @Override
  public void execute(Runnable task) {
    ready.add(task);
    if (!running) {
      run();
    }
  }

  private void run() {
    running = true;
    try {
      for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
        task.run();
      }
    } finally {
      running = false;
    }
  }

  @Override
  public Timer after(long delayNanos, Runnable task) {
    Later added = new Later(now + Math.max(0, delayNanos), order++, task);
    later.add(added);
    return () -> later.remove(added);
  }

  /** Lets time pass, running what becomes due at its time. */
  public void pass(long nanos) {
    long until = now + nanos;
    while (!later.isEmpty() && later.peek().at() <= until) {
      Later due = later.poll();
      now = due.at();
      execute(due.task());
    }
    now = until;
  }

  public void passSeconds(double seconds) {
    pass((long) (seconds * 1e9));
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public boolean isOwn() {
    return running;
  }

  @Override
  public void close() {
    later.clear();
  }
}
