package io.meshagent.core.policy;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The plans that one side keeps, by method. Thread-safe without a lock of its own; under contention
 * a few beyond a bound may slip in, which does no harm.
 */
final class SidePlans {

  /** So long an unproven one has its place in any case, and a slow caller may come again. */
  private static final long UNUSED_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** To look for what is unused takes a walk over all, which is not for each call by a new name. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Map<String, Kept> byMethod = new ConcurrentHashMap<>();
  private final AtomicInteger[] counts = new AtomicInteger[PlanRank.values().length];
  private final AtomicLong lookedAt;

  SidePlans(long now) {
    lookedAt = new AtomicLong(now - LOOK_NANOS);
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new AtomicInteger();
    }
  }

  /** Null if there is none. */
  Kept get(String method) {
    return byMethod.get(method);
  }

  Collection<Kept> all() {
    return byMethod.values();
  }

  boolean hasRoom(PlanRank standing) {
    return count(standing).get() < standing.most;
  }

  private AtomicInteger count(PlanRank standing) {
    return counts[standing.ordinal()];
  }

  /** The one that stands: another thread's, if it came first. */
  Kept add(Kept made) {
    Kept present = byMethod.putIfAbsent(made.plan.method(), made);
    if (present != null) {
      return present;
    }
    count(made.standing()).incrementAndGet();
    return made;
  }

  /** With the plan's lock held. */
  void rise(Kept kept, PlanRank next) {
    count(kept.standing()).decrementAndGet();
    count(next).incrementAndGet();
    kept.become(next);
  }

  /**
   * Lets go of those that nobody has answered and nobody has used lately.
   *
   * @param undo what else goes with one; before it is out of here, so that who makes it anew finds
   *     nothing of the old one
   */
  void makeRoom(long now, Consumer<Kept> undo) {
    long last = lookedAt.get();
    if (now - last < LOOK_NANOS || !lookedAt.compareAndSet(last, now)) {
      return;
    }
    for (Kept kept : byMethod.values()) {
      if (kept.isUnproven(now, UNUSED_NANOS)) {
        letGo(kept, now, undo);
      }
    }
  }

  private void letGo(Kept kept, long now, Consumer<Kept> undo) {
    synchronized (kept) {
      if (kept.isUnproven(now, UNUSED_NANOS) && kept.plan.isKept()) {
        kept.plan.letGo();
        undo.accept(kept);
        byMethod.remove(kept.plan.method(), kept);
        count(kept.standing()).decrementAndGet();
      }
    }
  }
}
