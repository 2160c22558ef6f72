package io.meshagent.core.balance;

import io.meshagent.core.api.Agent;
import java.util.concurrent.TimeUnit;

/**
 * Whether a service's calls need instances of other zones, because those of the own zone can't be
 * reached or are ejected: what the directory says is no reason to wait. It is given up when nobody
 * has needed it for a while, so that connections do not come and go with each bad second.
 * Thread-safe; {@code changed} is called without a lock.
 */
final class Reach {

  /** After that time and at most twice as much, it is over if nobody needs it. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Agent agent;
  private final Runnable changed;

  /** Volatile: changed under the lock, read whenever somebody asks what a route uses. */
  private volatile boolean wide;

  /** Guarded by this. Whether it was needed since the last look. */
  private boolean needed;

  /**
   * @param changed has channels look again at what they use, and ask for new pickers
   */
  Reach(Agent agent, Runnable changed) {
    this.agent = agent;
    this.changed = changed;
  }

  /** Whether instances of all zones are used. */
  boolean isWide() {
    return wide;
  }

  /**
   * They are needed now.
   *
   * @return whether that is news
   */
  boolean widen() {
    synchronized (this) {
      needed = true;
      if (wide) {
        return false;
      }
      wide = true;
    }
    lookLater();
    changed.run();
    return true;
  }

  private void lookLater() {
    Runnable unused = agent.after(LOOK_NANOS, this::look);
  }

  private void look() {
    boolean goesOn;
    synchronized (this) {
      goesOn = needed;
      needed = false;
      wide = goesOn;
    }
    if (goesOn) {
      lookLater();
    }
    // The pickers that are made now say whether it is needed still.
    changed.run();
  }
}
