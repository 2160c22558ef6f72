package io.meshagent.core.registry.etcd;

import io.meshagent.core.registry.AffectedInstances;
import io.meshagent.core.run.Backoff;
import io.meshagent.core.run.TaskLoop;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks again for hosts in doubt, alone and soon: without that their entries would wait for the next
 * list. Those that are known are {@link NameRefresh}'s. Confined to the feed's loop.
 */
final class NameRetry {

  private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final TaskLoop loop;
  private final EtcdInstances directory;
  private final Consumer<AffectedInstances> changed;
  private final NameRefresh refresh;
  private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
  private TaskLoop.Timer next = TaskLoop.Timer.NONE;
  private boolean due;
  private long dueAt;

  /**
   * @param asking where known names are asked for again
   * @param changed takes the instances that have moved, if any have
   */
  NameRetry(
      TaskLoop loop,
      TaskLoop asking,
      EtcdInstances directory,
      Consumer<AffectedInstances> changed) {
    this.loop = loop;
    this.directory = directory;
    this.changed = changed;
    this.refresh =
        new NameRefresh(
            loop,
            asking,
            directory.hosts(),
            this::relocate,
            () -> ThreadLocalRandom.current().nextDouble());
  }

  /** Entries have been read: some may have names that could not be resolved. */
  void plan() {
    refresh.plan();
    boolean fresh = directory.hosts().takeNewDoubts();
    if (fresh) {
      // One name that is never found must not make the others wait as long as itself.
      backoff.reset();
    }
    if (!directory.hosts().isInDoubt() || (due && !fresh)) {
      return;
    }
    long wait = Math.max(SHORTEST_NANOS, backoff.nextNanos(LONGEST_NANOS));
    long at = loop.nanoTime() + wait;
    if (!due || dueAt - at > 0) {
      next.cancel();
      next = loop.after(wait, this::ask);
      dueAt = at;
      due = true;
    }
  }

  /** A connection to it failed or was lost. */
  void suspect(String hostPort) {
    refresh.suspect(hostPort);
  }

  private void ask() {
    due = false;
    AffectedInstances affected = new AffectedInstances();
    try {
      directory.askAgain(affected);
      if (!affected.isEmpty()) {
        // Of many names some were found in the time that there was: the others may be, too.
        backoff.reset();
      }
    } finally {
      plan();
    }
    tell(affected);
  }

  private void relocate() {
    AffectedInstances affected = new AffectedInstances();
    directory.relocate(affected);
    tell(affected);
  }

  private void tell(AffectedInstances affected) {
    if (!affected.isEmpty()) {
      changed.accept(affected);
    }
  }

  void end() {
    refresh.end();
    next.cancel();
    due = false;
  }
}
