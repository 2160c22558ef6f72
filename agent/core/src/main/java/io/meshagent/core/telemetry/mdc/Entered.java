package io.meshagent.core.telemetry.mdc;

/** One id in one log context, and what was there before. For one thread. */
final class Entered {

  private final Mdc mdc;
  private final String key;
  private final String value;
  private final String before;

  /** Those that were put before this one; null if it is the first. */
  private final Entered earlier;

  private Entered(Mdc mdc, String key, String value, String before, Entered earlier) {
    this.mdc = mdc;
    this.key = key;
    this.value = value;
    this.before = before;
    this.earlier = earlier;
  }

  /**
   * Puts a value where it is not yet.
   *
   * @return the last of all that was put
   */
  static Entered put(Mdc mdc, String key, String value, Entered earlier) throws Throwable {
    String before = mdc.get(key);
    if (value.equals(before)) {
      return earlier;
    }
    mdc.set(key, value);
    return new Entered(mdc, key, value, before, earlier);
  }

  /** Brings back what was there, unless the program has put something else there meanwhile. */
  void takeOut() throws Throwable {
    if (value.equals(mdc.get(key))) {
      mdc.set(key, before);
    }
  }

  Entered earlier() {
    return earlier;
  }
}
