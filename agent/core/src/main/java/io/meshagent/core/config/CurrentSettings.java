package io.meshagent.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The settings in force in this JVM, which others may replace while the program runs. A key that is
 * not live may be read once and kept; what live keys say is asked for anew, or {@linkplain #watch
 * watched}. Thread-safe.
 */
public final class CurrentSettings {

  /** Volatile: replaced as a whole by whoever brings others, read by any thread. */
  private volatile Settings now;

  /** Guarded by this. */
  private final List<Consumer<Settings>> watchers = new ArrayList<>();

  public CurrentSettings(Settings start) {
    now = start;
  }

  /** Those of this moment, to be used for one thing and not kept. */
  public Settings now() {
    return now;
  }

  /**
   * The value of a key that never changes, which may be kept.
   *
   * @throws IllegalArgumentException if the key is live: who kept its value would miss the next one
   */
  public <T> T once(Key<T> key) {
    if (key.isLive()) {
      throw new IllegalArgumentException(key + " may change while the program runs");
    }
    return now.get(key);
  }

  /**
   * Has somebody told of all settings that come.
   *
   * @param watcher told on the thread that brings them, one set after the other
   */
  public synchronized void watch(Consumer<Settings> watcher) {
    watchers.add(watcher);
  }

  /**
   * Puts others in force.
   *
   * @param next made from those of the start, see {@link Overlay} and {@link Settings#withLiveOf}
   */
  public synchronized void replace(Settings next) {
    now = next;
    watchers.forEach(watcher -> watcher.accept(next));
  }
}
