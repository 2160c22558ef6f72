package io.meshagent.core.config;

import java.util.ArrayList;
import java.util.Arrays;
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
    copy(entries, copy);
    this.entries = Collections.unmodifiableMap(copy);
    this.problems = Collections.unmodifiableList(new ArrayList<>(problems));
  }

  private static void copy(
      Map<Key<?>, Map<String, Entry>> from, Map<Key<?>, Map<String, Entry>> to) {
    from.forEach((key, values) -> to.put(key, new LinkedHashMap<>(values)));
  }

  void copyTo(Map<Key<?>, Map<String, Entry>> others) {
    copy(entries, others);
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

  /**
   * All that is written for a method, in the order in which it would count: the first does, and
   * each counts only where those before it are gone.
   *
   * @param fullMethod as for {@link #select}
   */
  public List<Setting> applying(Key<?> key, String fullMethod) {
    Map<String, Entry> left = new LinkedHashMap<>(entries.get(key));
    List<Setting> applying = new ArrayList<>();
    String best = Selector.best(left.keySet(), fullMethod);
    while (best != null) {
      applying.add(setting(key, best, left.remove(best)));
      best = Selector.best(left.keySet(), fullMethod);
    }
    return applying;
  }

  /**
   * The value for exactly this selector, whatever covers it; for the plain setting it may be the
   * default.
   *
   * @param selector as after the {@code @}; empty for the plain setting
   * @return null if nothing is written for it
   */
  public <T> T written(Key<T> key, String selector) {
    return entries.get(key).containsKey(selector) ? value(key, selector) : null;
  }

  /**
   * Whether the first was written for fewer methods than the other, so that it would be chosen for
   * this one.
   */
  public static boolean isCloser(Selected<?> one, Selected<?> other, String fullMethod) {
    List<String> both = Arrays.asList(one.selector(), other.selector());
    return !one.selector().equals(other.selector())
        && one.selector().equals(Selector.best(both, fullMethod));
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

  /**
   * These, as they were at the start, with the live keys of what was read from the same places
   * since. The problems are those of the new ones, and each other key that differs.
   */
  public Settings withLiveOf(Settings read) {
    Map<Key<?>, Map<String, Entry>> mixed = new LinkedHashMap<>();
    List<Problem> all = new ArrayList<>(read.problems);
    for (Key<?> key : keys.all()) {
      mixed.put(key, (key.isLive() ? read : this).entries.get(key));
      if (!key.isLive() && !isSame(key, read)) {
        String source = read.entries.get(key).get(Selector.PLAIN).source;
        String sentence = key + " has changed, which counts from the next start of the program on.";
        all.add(new Problem(source, 0, key.name(), sentence));
      }
    }
    return new Settings(keys, mixed, all, file);
  }

  private <T> boolean isSame(Key<T> key, Settings other) {
    T mine = get(key);
    T others = other.get(key);
    // A secret is not shown, and most values of other types don't know whether they are equal.
    return key.isSecret()
        ? mine.equals(others)
        : key.type().show(mine).equals(key.type().show(others));
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
