package io.meshagent.core.registry.etcd.fleet;

import io.meshagent.core.run.TaskLoop;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The time of a simulated fleet, which jumps from task to task. Confined to one thread. */
final class FleetClock {

  private static final class Later implements TaskLoop.Timer {
    private final long at;
    private final long order;
    private Runnable task;

    Later(long at, long order, Runnable task) {
      this.at = at;
      this.order = order;
      this.task = task;
    }

    @Override
    public void cancel() {
      task = null;
    }
  }

  private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
  private final PriorityQueue<Later> later =
      new PriorityQueue<>(
          Comparator.comparingLong((Later each) -> each.at).thenComparingLong(each -> each.order));
  private long now = 1_000_000_000_000L;
  private long order;

  long now() {
    return now;
  }

  TaskLoop.Timer after(long nanos, Runnable task) {
    Later added = new Later(now + Math.max(0, nanos), order++, task);
    later.add(added);
    return added;
  }

  void execute(Runnable task) {
    ready.add(task);
  }

  void passSeconds(double seconds) {
    long until = now + (long) (seconds * 1e9);
    runReady();
    while (!later.isEmpty() && later.peek().at <= until) {
      Later due = later.poll();
      Runnable task = due.task;
      if (task != null) {
        now = due.at;
        task.run();
        runReady();
      }
    }
    now = until;
  }

  private void runReady() {
    for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
      task.run();
    }
  }

  /** A loop of one agent. */
  TaskLoop loop() {
    return new TaskLoop() {
      private boolean closed;

      @Override
      public void execute(Runnable task) {
        ready.add(open(task));
      }

      private Runnable open(Runnable task) {
        return () -> {
          if (!closed) {
            task.run();
          }
        };
      }

      @Override
      public Timer after(long delayNanos, Runnable task) {
        return FleetClock.this.after(delayNanos, open(task));
      }

      @Override
      public long nanoTime() {
        return now;
      }

      @Override
      public boolean isOwn() {
        return true;
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }
}
