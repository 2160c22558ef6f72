package io.meshagent.core.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A list of names in which {@code *} stands for any characters, dots and slashes too. Immutable.
 */
public final class Wildcards {

  private final List<String> patterns;

  Wildcards(List<String> patterns) {
    this.patterns = Collections.unmodifiableList(new ArrayList<>(patterns));
  }

  /** Whether the whole name is matched by at least one of the list. */
  public boolean matches(String name) {
    for (String pattern : patterns) {
      if (matches(pattern, name)) {
        return true;
      }
    }
    return false;
  }

  public List<String> patterns() {
    return patterns;
  }

  /**
   * Whether one pattern matches the whole of a name. Without backtracking beyond the last {@code
   * *}, so that no pattern takes long.
   */
  static boolean matches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int resume = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  @Override
  public String toString() {
    return String.join(",", patterns);
  }
}
