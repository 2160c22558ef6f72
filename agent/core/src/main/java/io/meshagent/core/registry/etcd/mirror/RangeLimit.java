package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.registry.etcd.connection.EtcdChannels;

/**
 * How many entries to ask for at once. How large they are is not known before: so half as many are
 * asked for when an answer was too large, and twice as many again when one was small. The next list
 * begins where this one had to go down to. Confined to the mirror's loop.
 */
final class RangeLimit {

  private static final int MOST = 1_000;

  /** Twice as many as this would hold may be too large again. */
  private static final int SMALL_BYTES = EtcdChannels.LARGEST_MESSAGE / 4;

  private int now = MOST;
  private int least = MOST;

  /** A list begins. */
  void begin() {
    now = least;
    least = MOST;
  }

  int entries() {
    return now;
  }

  /**
   * The answer was too large.
   *
   * @return false if fewer can't be asked for
   */
  boolean halve() {
    if (now == 1) {
      return false;
    }
    now /= 2;
    least = Math.min(least, now);
    return true;
  }

  /** An answer of this size came. */
  void fitted(int bytes) {
    if (bytes < SMALL_BYTES) {
      now = Math.min(MOST, now * 2);
    }
  }
}
