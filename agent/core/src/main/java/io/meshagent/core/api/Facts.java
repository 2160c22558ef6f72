package io.meshagent.core.api;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an instance says of itself: a sorted map that costs little more than its texts, because a
 * directory may hold ten thousand. Instances that say the same things share the names, and most of
 * what they say. Immutable.
 */
final class Facts extends AbstractMap<String, String> {

  private final String[] names;
  private final String[] values;

  private Facts(String[] names, String[] values) {
    this.names = names;
    this.values = values;
  }

  static Facts of(Map<String, String> facts) {
    String[] names = new String[facts.size()];
    String[] values = new String[facts.size()];
    int i = 0;
    for (Map.Entry<String, String> fact : new TreeMap<>(facts).entrySet()) {
      names[i] = SharedTexts.shared(fact.getKey());
      values[i++] = SharedTexts.shared(fact.getValue());
    }
    return new Facts(SharedTexts.shared(names), values);
  }

  @Override
  public String get(Object name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return values[i];
      }
    }
    return null;
  }

  @Override
  public boolean containsKey(Object name) {
    return get(name) != null;
  }

  @Override
  public int size() {
    return names.length;
  }

  @Override
  public boolean equals(Object o) {
    if (o instanceof Facts) {
      Facts other = (Facts) o;
      return Arrays.equals(names, other.names) && Arrays.equals(values, other.values);
    }
    return super.equals(o);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  @Override
  public Set<Map.Entry<String, String>> entrySet() {
    return new Entries();
  }

  private final class Entries extends AbstractSet<Map.Entry<String, String>> {

    @Override
    public int size() {
      return names.length;
    }

    @Override
    public Iterator<Map.Entry<String, String>> iterator() {
      return new Iterator<Map.Entry<String, String>>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < names.length;
        }

        @Override
        public Map.Entry<String, String> next() {
          if (next == names.length) {
            throw new NoSuchElementException();
          }
          return new SimpleImmutableEntry<>(names[next], values[next++]);
        }
      };
    }
  }
}
