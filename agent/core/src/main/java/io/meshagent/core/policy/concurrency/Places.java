package io.meshagent.core.policy.concurrency;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many calls are under way, and how many may be. Thread-safe without locks; allocates nothing,
 * so that what was taken can't be lost for want of memory.
 */
final class Places {

  private final AtomicInteger taken = new AtomicInteger();

  /** Volatile, as is the next: changed with the settings, read by every call. */
  private volatile int fixed;

  /** Null unless the number is found out. */
  private volatile AdaptiveLimit adaptive;

  /** Puts a limit in force. What an adaptive one has learnt stays. Called by one thread at once. */
  void become(Limit limit) {
    fixed = limit.isOff() ? Integer.MAX_VALUE : limit.number();
    if (!limit.isAdaptive()) {
      adaptive = null;
    } else if (adaptive == null) {
      adaptive = new AdaptiveLimit();
    }
  }

  boolean tryTake() {
    AdaptiveLimit learns = adaptive;
    int most = learns == null ? fixed : learns.most();
    int now = taken.get();
    while (now < most) {
      if (taken.compareAndSet(now, now + 1)) {
        if (learns != null) {
          learns.began(now + 1);
        }
        return true;
      }
      now = taken.get();
    }
    reached();
    return false;
  }

  /** A call was not let in. */
  void reached() {
    AdaptiveLimit learns = adaptive;
    if (learns != null) {
      learns.reached();
    }
  }

  void giveBack() {
    taken.decrementAndGet();
  }

  /** A call that had a place has told by its end how long such calls take. */
  void ended(long takenNanos, long nowNanos) {
    AdaptiveLimit learns = adaptive;
    if (learns != null) {
      learns.ended(takenNanos, nowNanos);
    }
  }

  int taken() {
    return taken.get();
  }

  /** How many there are at this moment. */
  int most() {
    AdaptiveLimit learns = adaptive;
    return learns == null ? fixed : learns.most();
  }

  boolean isAdaptive() {
    return adaptive != null;
  }
}
