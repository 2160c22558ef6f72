package io.meshagent.core.policy.breaker;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Selected;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Log;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The settings that force circuits: one line on the log when the first method is compiled by one,
 * and one when it is over. Thread-safe.
 */
final class ForcedCircuits {

  private final Map<String, Forced> byName = new ConcurrentHashMap<>();

  /** The setting as it is written, {@code client.breaker.forced@helloworld.Greeter}. */
  static String name(Selected<Forced> setting) {
    return BreakerKeys.FORCED.name(setting.selector());
  }

  /** A method is compiled by this. */
  void add(Selected<Forced> setting) {
    String name = name(setting);
    Forced before = byName.put(name, setting.value());
    if (before != setting.value()) {
      Log.warn(
          "circuits are forced "
              + word(setting.value())
              + " by "
              + name
              + (setting.value() == Forced.OPEN
                  ? ": all calls that it applies to are refused, until the setting goes"
                  : ": calls that it applies to are let in, whatever becomes of them, until the"
                      + " setting goes"));
    }
  }

  /** These are in force now. */
  void retain(Settings settings) {
    byName
        .keySet()
        .removeIf(
            name -> {
              boolean over = !isWritten(settings, name);
              if (over) {
                Log.warn("circuits are no longer forced by " + name);
              }
              return over;
            });
  }

  private static boolean isWritten(Settings settings, String name) {
    Forced written = settings.written(BreakerKeys.FORCED, Key.selectorOf(name));
    return written != null && written != Forced.OFF;
  }

  private static String word(Forced forced) {
    return forced.name().toLowerCase(Locale.ROOT);
  }

  /** For people: by setting what it does; empty if there is none. */
  Map<String, String> facts() {
    Map<String, String> rows = new TreeMap<>();
    byName.forEach((name, forced) -> rows.put(name, word(forced)));
    return rows;
  }
}
