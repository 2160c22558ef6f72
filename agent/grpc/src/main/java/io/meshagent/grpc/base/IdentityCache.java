package io.meshagent.grpc.base;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * A small map from objects to what was decided for them, by identity and with weak keys: a look-up
 * is one volatile read and usually one comparison, takes no lock and allocates nothing. Meant for
 * keys that live long, method descriptors and channels, and good enough for descriptors that are
 * made for each call. Thread-safe.
 *
 * <p>A value must not refer to its key, or neither ever goes.
 */
public final class IdentityCache<K, V> {

  /**
   * Programs that make descriptors for each call must not fill the memory: beyond it, no caching.
   */
  private static final int MOST = 8_192;

  private static final class Entry<K, V> extends WeakReference<K> {
    final int hash;
    final V value;

    Entry(K key, V value) {
      super(key);
      this.hash = System.identityHashCode(key);
      this.value = value;
    }
  }

  /**
   * Open addressing, at most half full; replaced when it is. A reader that does not see a slot that
   * was just written, or sees it without its key, finds it when it adds its own: the value is
   * final.
   */
  private volatile Entry<?, ?>[] table = new Entry<?, ?>[16];

  /** Slots that are taken, also by keys that are gone. Guarded by this. */
  private int taken;

  /** How many more misses to let pass before looking for room again. Guarded by this. */
  private int uselessLooks;

  /** The value of a key; null if it has none, none that was kept, or one of this moment. */
  public V find(K key) {
    return find(table, key);
  }

  /**
   * Keeps a value that was made because there was none; makers need no lock for it.
   *
   * @return the one that stands: another thread's, if it came first
   */
  public synchronized V add(K key, V value) {
    V known = find(table, key);
    if (known != null) {
      return known;
    }
    keep(new Entry<>(key, value));
    return value;
  }

  private V find(Entry<?, ?>[] in, Object key) {
    int mask = in.length - 1;
    for (int i = spread(System.identityHashCode(key)) & mask; ; i = (i + 1) & mask) {
      Entry<?, ?> entry = in[i];
      if (entry == null) {
        return null;
      }
      if (entry.get() == key) {
        @SuppressWarnings("unchecked") // put by add() with this cache's types
        V value = (V) entry.value;
        return value;
      }
    }
  }

  private void keep(Entry<K, V> added) {
    if (uselessLooks > 0) {
      uselessLooks--;
    } else if (taken * 2 < table.length || makeRoom()) {
      place(table, added);
      taken++;
    }
  }

  /** Drops what is gone, and leaves as much room as is taken: what it costs is shared by many. */
  private boolean makeRoom() {
    List<Entry<?, ?>> live = new ArrayList<>();
    for (Entry<?, ?> entry : table) {
      if (entry != null && entry.get() != null) {
        live.add(entry);
      }
    }
    if (live.size() >= MOST) {
      uselessLooks = MOST / 8;
      return false;
    }
    int size = 16;
    while (size < live.size() * 4) {
      size *= 2;
    }
    Entry<?, ?>[] roomy = new Entry<?, ?>[size];
    live.forEach(entry -> place(roomy, entry));
    taken = live.size();
    table = roomy;
    return true;
  }

  private static void place(Entry<?, ?>[] in, Entry<?, ?> entry) {
    int mask = in.length - 1;
    int i = spread(entry.hash) & mask;
    while (in[i] != null) {
      i = (i + 1) & mask;
    }
    in[i] = entry;
  }

  private static int spread(int hash) {
    return hash ^ (hash >>> 16);
  }
}
