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
          key.name().endsWith("." + unknown)
              ? 1
              : NearNames.distance(loose(unknown), loose(key.name()));
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
}
