package io.meshagent.core.directory;

import io.meshagent.core.run.TaskLoop;
import java.util.OptionalLong;

/**
 * Sees to it that a removal that waits is looked at again when its time has come: by a fresh list
 * of the registry. Confined to the directory's lock.
 */
final class SecondLooks {

  private final Object lock;
  private final TaskLoop loop;
  private final long holdNanos;
  private final Intake intake;
  private final SourceHealth health;

  /** From 0 to 1, another for each JVM. */
  private final double turn;

  private Runnable registry = () -> {};
  private TaskLoop.Timer next = TaskLoop.Timer.NONE;
  private long lookedAt;

  SecondLooks(
      Object lock, TaskLoop loop, long holdNanos, Intake intake, SourceHealth health, double turn) {
    this.lock = lock;
    this.loop = loop;
    this.holdNanos = holdNanos;
    this.intake = intake;
    this.health = health;
    this.turn = turn;
    this.lookedAt = loop.nanoTime() - holdNanos;
  }

  /** How to have everything listed afresh; called without the lock. */
  void by(Runnable looking) {
    registry = looking;
  }

  /** What waits, or for how long, may have changed. */
  void plan() {
    next.cancel();
    OptionalLong due = intake.nextDueIn();
    if (due.isPresent() && health.isHealthy()) {
      // Spread, because whatever happened to the registry happened to all its clients.
      long spread = (long) (turn * holdNanos / 4);
      long rest = lookedAt + holdNanos / 2 - loop.nanoTime();
      next = loop.after(Math.max(due.getAsLong() + spread, rest), this::look);
    }
  }

  private void look() {
    Runnable looking;
    synchronized (lock) {
      looking = registry;
      lookedAt = loop.nanoTime();
      plan();
    }
    looking.run();
  }
}
