package io.meshagent.core.policy.cache;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.util.concurrent.atomic.LongAdder;

/**
 * Responses within a bound of bytes, keys and what the map takes for each included; whichever was
 * not asked for the longest goes first. Thread-safe: a look-up takes no lock, nothing here waits
 * for I/O, and no thread belongs to it.
 */
public final class ResponseStore {

  /** What an entry takes beside what it is made of: objects, arrays and the map's links. */
  static final int ENTRY_BYTES = 384;

  /** One that is larger would push too much out. */
  private static final int LARGEST_SHARE = 16;

  /** Volatile: replaced as a whole when the bound changes. */
  private volatile Sized now;

  /** The map and what is in it: Guava's does not tell its weight. */
  private static final class Sized {
    final long most;
    final LongAdder bytes = new LongAdder();

    /**
     * Volatile: made by the first to keep something, since most programs keep nothing, and its
     * classes are a twentieth of what a start loads. Null until then.
     */
    volatile Cache<CacheKey, KeptResponse> kept;

    Sized(long most) {
      this.most = most;
    }

    private synchronized Cache<CacheKey, KeptResponse> made() {
      if (kept == null) {
        kept =
            CacheBuilder.newBuilder()
                .maximumWeight(most)
                .weigher(ResponseStore::weight)
                .removalListener(
                    removed -> bytes.add(-weight(removed.getKey(), removed.getValue())))
                .build();
      }
      return kept;
    }

    void put(CacheKey key, KeptResponse response) {
      bytes.add(weight(key, response));
      Cache<CacheKey, KeptResponse> to = kept;
      (to == null ? made() : to).put(key, response);
    }
  }

  /** With a bound. */
  public ResponseStore(long mostBytes) {
    now = new Sized(mostBytes);
  }

  private static int weight(CacheKey key, KeptResponse response) {
    return ENTRY_BYTES + key.bytes() + response.response().bytes();
  }

  /** Puts another bound in force; of what is there as much stays as there is room for. */
  synchronized void bound(long mostBytes) {
    Sized before = now;
    if (before.most != mostBytes) {
      Sized next = new Sized(mostBytes);
      if (before.kept != null) {
        before.kept.asMap().forEach(next::put);
      }
      now = next;
    }
  }

  /** Null if there is none. */
  public KeptResponse get(CacheKey key) {
    Cache<CacheKey, KeptResponse> kept = now.kept;
    return kept == null ? null : kept.getIfPresent(key);
  }

  /** In the place of what was there; nothing is kept of what is too large. */
  public void put(CacheKey key, KeptResponse response) {
    Sized to = now;
    if (weight(key, response) <= to.most / LARGEST_SHARE) {
      to.put(key, response);
    }
  }

  /** That one is of no use any more. */
  void remove(CacheKey key, KeptResponse response) {
    Cache<CacheKey, KeptResponse> kept = now.kept;
    boolean unused = kept != null && kept.asMap().remove(key, response);
  }

  long bytes() {
    return now.bytes.sum();
  }

  long mostBytes() {
    return now.most;
  }

  long size() {
    Cache<CacheKey, KeptResponse> kept = now.kept;
    return kept == null ? 0 : kept.size();
  }
}
