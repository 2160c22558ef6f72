package io.meshagent.core.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Finds the names that somebody probably meant. Stateless. */
public final class NearNames {

  /** What is longer is nobody's slip, and comparing it would take long. */
  private static final int LONGEST = 120;

  /** Of so many names each is compared, which takes some milliseconds. */
  private static final int MOST_COMPARED = 10_000;

  private NearNames() {}

  /**
   * The names that are close to an unknown one, the closest first: a few letters differ, or the
   * last word is the same but for upper and lower case.
   *
   * @param most how many at most
   */
  public static List<String> to(String unknown, Collection<String> names, int most) {
    List<String> near = new ArrayList<>();
    if (unknown.length() > LONGEST) {
      return near;
    }
    String wanted = unknown.toLowerCase(Locale.ROOT);
    int bound = Math.max(2, unknown.length() / 4);
    Map<Integer, List<String>> byDistance = new TreeMap<>();
    int compared = 0;
    for (String name : names) {
      if (name.length() > LONGEST || compared++ >= MOST_COMPARED) {
        continue;
      }
      String other = name.toLowerCase(Locale.ROOT);
      int distance = lastWord(other).equals(lastWord(wanted)) ? 1 : bound + 1;
      if (distance > bound && Math.abs(other.length() - wanted.length()) <= bound) {
        distance = distance(wanted, other);
      }
      if (distance <= bound) {
        byDistance.computeIfAbsent(distance, unused -> new ArrayList<>()).add(name);
      }
    }
    byDistance.values().forEach(near::addAll);
    return near.subList(0, Math.min(most, near.size()));
  }

  /** {@code greeter} of {@code helloworld.greeter}, {@code sayhello} of a method's name. */
  private static String lastWord(String name) {
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1);
  }

  /** How many letters have to be put in, taken out, changed or swapped with their neighbour. */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
