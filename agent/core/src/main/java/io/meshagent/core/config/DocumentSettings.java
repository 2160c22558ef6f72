package io.meshagent.core.config;

import io.meshagent.core.config.Settings.Entry;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one document sets, as it was read, to be laid over settings as often as they change.
 * Immutable.
 */
public final class DocumentSettings {

  /** By key, then by selector. */
  private final Map<Key<?>, Map<String, Entry>> entries;

  /**
   * @param entries not changed any more
   */
  DocumentSettings(Map<Key<?>, Map<String, Entry>> entries) {
    this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  Map<Key<?>, Map<String, Entry>> entries() {
    return entries;
  }
}
