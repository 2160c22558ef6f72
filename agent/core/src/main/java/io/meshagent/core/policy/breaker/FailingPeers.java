package io.meshagent.core.policy.breaker;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Tells whether failures come from a few instances while others are well: those are not the
 * service's, and a circuit that opened for them would keep calls from the others. Thread-safe. As
 * long as nothing fails only a call now and then is looked at, so that it is known who was well
 * when the failures of one instance come all at once.
 */
final class FailingPeers {

  /** Beyond it, further ones are not told apart: a picker that uses so many spreads thinly. */
  private static final int MOST = 1_000;

  /** How much of an instance's record one call makes up. */
  private static final double GAIN = 0.1;

  /** How often it is seen who is well while nothing fails. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final double threshold;
  private final long windowNanos;

  /** Guarded by this. */
  private final Map<Object, Peer> peers = new HashMap<>();

  /** Volatile, as is the next: written under the lock, read by each call that is well. */
  private volatile boolean failing;

  private volatile long lastFailureNanos;

  /** Volatile: of calls that end at once each may take its look. */
  private volatile long lastLookNanos;

  /**
   * @param failureRate from how many failures in a hundred calls on an instance is bad
   * @param windowNanos how long what was seen counts
   */
  FailingPeers(int failureRate, long windowNanos, long nowNanos) {
    this.threshold = failureRate / 100.0;
    this.windowNanos = windowNanos;
    this.lastLookNanos = nowNanos - LOOK_NANOS;
  }

  /** Whether it matters who answered a call that was well. */
  boolean isLooking(long nowNanos) {
    if (failing && nowNanos - lastFailureNanos < windowNanos) {
      return true;
    }
    if (nowNanos - lastLookNanos < LOOK_NANOS) {
      return false;
    }
    lastLookNanos = nowNanos;
    return true;
  }

  void succeeded(Object peer, long nowNanos) {
    if (peer != null) {
      synchronized (this) {
        see(peer, 0, nowNanos);
      }
    }
  }

  /**
   * Takes a failure down.
   *
   * @param peer null if not known
   * @return whether at most half of those that were seen in the window fail, and this one is one of
   *     them
   */
  synchronized boolean isOneOfFew(Object peer, long nowNanos) {
    lastFailureNanos = nowNanos;
    failing = true;
    Peer failed = peer == null ? null : see(peer, 1, nowNanos);
    if (failed == null || failed.rate < threshold) {
      return false;
    }
    int bad = 0;
    int all = 0;
    for (Iterator<Peer> each = peers.values().iterator(); each.hasNext(); ) {
      Peer seen = each.next();
      if (nowNanos - seen.lastNanos >= windowNanos) {
        each.remove();
      } else {
        all++;
        bad += seen.rate < threshold ? 0 : 1;
      }
    }
    return bad * 2 <= all;
  }

  /** Called with the lock held. */
  private Peer see(Object peer, double failure, long nowNanos) {
    Peer seen = peers.get(peer);
    if (seen == null) {
      if (peers.size() >= MOST) {
        peers.values().removeIf(each -> nowNanos - each.lastNanos >= windowNanos);
      }
      if (peers.size() >= MOST) {
        return null;
      }
      seen = new Peer(failure);
      peers.put(peer, seen);
    } else {
      seen.rate += GAIN * (failure - seen.rate);
    }
    seen.lastNanos = nowNanos;
    return seen;
  }

  /** What one instance did lately. */
  private static final class Peer {
    double rate;
    long lastNanos;

    Peer(double rate) {
      this.rate = rate;
    }
  }
}
