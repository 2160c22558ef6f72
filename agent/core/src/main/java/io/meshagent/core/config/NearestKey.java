package io.meshagent.core.config;

/** Finds the key that somebody probably meant. */
final class NearestKey {

  /** What is longer is nobody's slip, and comparing it would take long. */
  private static final int LONGEST = 80;

  private NearestKey() {}

  /** The name of the known key that is closest to an unknown one; null if none is close. */
  static String to(String unknown, KnownKeys keys) {
    if (unknown.length() > LONGEST) {
      return null;
    }
    String best = null;
    int bestDistance = Math.max(2, unknown.length() / 4) + 1;
    for (Key<?> key : keys.all()) {
      int distance =
          key.name().endsWith("." + unknown) ? 1 : distance(loose(unknown), loose(key.name()));
      if (distance < bestDistance) {
        best = key.name();
        bestDistance = distance;
      }
    }
    return best;
  }

  /** Dots, dashes and underscores are mixed up more often than letters. */
  private static String loose(String name) {
    return name.replace('-', '.').replace('_', '.');
  }

  /** How many letters have to be put in, taken out, changed or swapped with their neighbour. */
  private static int distance(String a, String b) {
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
