package io.meshagent.core.policy.ratelimit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A bucket for each of the keys that were seen last: callers can make up any number of them.
 * Thread-safe; a lock of one of its parts is held for a look-up.
 */
final class KeyedBuckets {

  /** All together, at some 600 bytes each. */
  static final int MOST = 10_000;

  private static final int PARTS = 16;

  private final Supplier<TokenBucket> full;
  private final Part[] parts = new Part[PARTS];

  /**
   * @param full makes one for a key that was not seen lately
   */
  KeyedBuckets(Supplier<TokenBucket> full) {
    this.full = full;
    for (int i = 0; i < PARTS; i++) {
      parts[i] = new Part();
    }
  }

  /** In the order of the last look-up. Guarded by itself. */
  @SuppressWarnings("serial") // Nobody writes it anywhere.
  private static final class Part extends LinkedHashMap<String, TokenBucket> {
    private static final int MOST_HERE = MOST / PARTS;

    Part() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
      return size() > MOST_HERE;
    }
  }

  TokenBucket of(String key) {
    Part part = part(key);
    synchronized (part) {
      return part.computeIfAbsent(key, unused -> full.get());
    }
  }

  /** Null for a key that was not seen lately, whose bucket would be full. */
  TokenBucket known(String key) {
    Part part = part(key);
    synchronized (part) {
      return part.get(key);
    }
  }

  private Part part(String key) {
    int hash = key.hashCode();
    return parts[(hash ^ (hash >>> 16)) & (PARTS - 1)];
  }

  int size() {
    int size = 0;
    for (Part part : parts) {
      synchronized (part) {
        size += part.size();
      }
    }
    return size;
  }
}
