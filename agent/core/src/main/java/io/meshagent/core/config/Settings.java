package io.meshagent.core.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All settings in force, where each comes from, and what was wrong with those that are not.
 * Immutable. {@link #select} is for compiling plans, not for calls.
 */
public final class Settings {

  static final String DEFAULT = "default";

  /** One value for one selector of a key. */
  static final class Entry {
    final Object value;
    final String source;

    Entry(Object value, String source) {
      this.value = value;
      this.source = source;
    }
  }

  private final KnownKeys keys;

  /** By key, then by selector; every key has the plain selector. */
  private final Map<Key<?>, Map<String, Entry>> entries;

  private final List<Problem> problems;

  /** Null if none was read. */
  private final String file;

  Settings(
      KnownKeys keys,
      Map<Key<?>, Map<String, Entry>> entries,
      List<Problem> problems,
      String file) {
    this.keys = keys;
    this.file = file;
    Map<Key<?>, Map<String, Entry>> copy = new LinkedHashMap<>();
    entries.forEach((key, values) -> copy.put(key, new LinkedHashMap<>(values)));
    this.entries = Collections.unmodifiableMap(copy);
    this.problems = Collections.unmodifiableList(new ArrayList<>(problems));
  }

  /** What holds where nothing was written. */
  public static Settings defaults(KnownKeys keys) {
    return new SettingsBuilder(keys).build();
  }

  /** The plain value. */
  public <T> T get(Key<T> key) {
    return value(key, Selector.PLAIN);
  }

  /**
   * The value for a method: what was written for the method itself, then for its service, then for
   * the longest pattern that matches, then the plain value.
   *
   * @param fullMethod {@code package.Service/Method}
   */
  public <T> Selected<T> select(Key<T> key, String fullMethod) {
    String selector = Selector.best(entries.get(key).keySet(), fullMethod);
    return new Selected<>(value(key, selector), selector);
  }

  // Entries are put in by SettingsBuilder only, parsed by the type of their own key.
  @SuppressWarnings("unchecked")
  private <T> T value(Key<T> key, String selector) {
    return (T) entries.get(key).get(selector).value;
  }

  /** What could be set. */
  public KnownKeys keys() {
    return keys;
  }

  /** Every setting in the order of the reference, plain ones first; for the admin page. */
  public List<Setting> sources() {
    List<Setting> all = new ArrayList<>();
    for (Key<?> key : entries.keySet()) {
      entries.get(key).forEach((selector, entry) -> all.add(setting(key, selector, entry)));
    }
    return Collections.unmodifiableList(all);
  }

  private <T> Setting setting(Key<T> key, String selector, Entry entry) {
    return new Setting(key, selector, key.type().show(value(key, selector)), entry.source);
  }

  /** The configuration file that was read, or null. */
  public String file() {
    return file;
  }

  /** What was wrong, in the order in which it was read. */
  public List<Problem> problems() {
    return problems;
  }
}
