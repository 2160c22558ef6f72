package io.meshagent.core.route;

import io.meshagent.core.api.Agent;
import io.meshagent.core.api.Openings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Lets a number of connections be opened at once, and others wait for their turn in order. What is
 * not open after a second does not count any longer: an address that nobody answers from costs next
 * to nothing, and a few of them are not to hold up all others. Thread-safe; whose turn has come is
 * told outside of the lock.
 */
public final class OpeningBudget implements Openings {

  /** As many handshakes as do no harm to a small program that starts. */
  public static final int MOST = 25;

  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Agent agent;

  /** When they have begun, in that order. Guarded by this, as all below. */
  private final Map<Key, Long> begun = new LinkedHashMap<>();

  private final Set<Key> waiting = new LinkedHashSet<>();

  /** Whether the oldest is looked at when its time is over. */
  private boolean planned;

  /** Two are the same if they are one object. */
  private static final class Key {
    private final Opening opening;

    Key(Opening opening) {
      this.opening = opening;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // That is what it is for.
    public boolean equals(Object o) {
      return o instanceof Key && ((Key) o).opening == opening;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(opening);
    }
  }

  public OpeningBudget(Agent agent) {
    this.agent = agent;
  }

  @Override
  public synchronized boolean begin(Opening opening, boolean atOnce) {
    long now = agent.nanoTime();
    forgetOld(now);
    if (atOnce || (waiting.isEmpty() && begun.size() < MOST)) {
      begun.put(new Key(opening), now);
      return true;
    }
    waiting.add(new Key(opening));
    plan(now);
    return false;
  }

  @Override
  public void end(Opening opening) {
    List<Opening> next;
    synchronized (this) {
      Key key = new Key(opening);
      if (begun.remove(key) == null) {
        waiting.remove(key);
      }
      next = next();
    }
    next.forEach(Opening::mayBegin);
  }

  /** Those whose turn has come. */
  private List<Opening> next() {
    long now = agent.nanoTime();
    forgetOld(now);
    List<Opening> next = new ArrayList<>();
    for (Iterator<Key> first = waiting.iterator(); first.hasNext() && begun.size() < MOST; ) {
      Key key = first.next();
      first.remove();
      begun.put(key, now);
      next.add(key.opening);
    }
    plan(now);
    return next;
  }

  private void forgetOld(long now) {
    begun.values().removeIf(since -> now - since >= PATIENCE_NANOS);
  }

  private void plan(long now) {
    if (!planned && !waiting.isEmpty()) {
      planned = true;
      long oldest = begun.isEmpty() ? now : begun.values().iterator().next();
      Runnable unused = agent.after(oldest + PATIENCE_NANOS - now, this::look);
    }
  }

  private void look() {
    List<Opening> next;
    synchronized (this) {
      planned = false;
      next = next();
    }
    next.forEach(Opening::mayBegin);
  }
}
