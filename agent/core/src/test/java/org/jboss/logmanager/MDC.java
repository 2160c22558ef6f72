package org.jboss.logmanager;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One for all threads. */
public final class MDC {

  public static final Map<String, String> VALUES = new ConcurrentHashMap<>();

  /** Whether every method fails. */
  public static volatile boolean broken;

  private MDC() {}

  public static String get(String key) {
    failIfBroken();
    return VALUES.get(key);
  }

  public static String put(String key, String value) {
    failIfBroken();
    return VALUES.put(key, value);
  }

  public static String remove(String key) {
    failIfBroken();
    return VALUES.remove(key);
  }

  private static void failIfBroken() {
    if (broken) {
      throw new NoClassDefFoundError("missing");
    }
  }
}
