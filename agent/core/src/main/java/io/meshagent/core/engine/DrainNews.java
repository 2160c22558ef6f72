package io.meshagent.core.engine;

import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.Drains;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Log;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Says on the log when somebody drains an instance of this program, and when that is over; of those
 * of others to who debugs. Told by the thread that brings settings and by the registrar's.
 */
final class DrainNews {

  private final CurrentSettings settings;
  private final Supplier<Map<String, String>> entries;

  /** Guarded by this, as the next. What was said of this program's instances. */
  private final Map<String, String> told = new HashMap<>();

  private Drains before = Drains.NONE;

  /**
   * @param entries of this program, by service and address
   */
  DrainNews(CurrentSettings settings, Supplier<Map<String, String>> entries) {
    this.settings = settings;
    this.entries = entries;
    settings.watch(this::look);
    look();
  }

  /** The addresses in the names of entries. */
  static Set<String> places(Map<String, String> entries) {
    Set<String> places = new HashSet<>();
    for (String name : entries.keySet()) {
      places.add(name.substring(name.lastIndexOf(' ') + 1));
    }
    return places;
  }

  /** An entry of this program may have come or gone. */
  void look() {
    look(settings.now());
  }

  private synchronized void look(Settings now) {
    Drains drains = now.get(RegistryKeys.DRAINS);
    if (drains.isEmpty() && before.isEmpty()) {
      return;
    }
    Set<String> own = places(entries.get());
    told.keySet().retainAll(own);
    own.forEach(place -> tell(place, drains.note(place)));
    for (Drains.Drain each : drains.all()) {
      if (!own.contains(each.instance()) && before.of(each.instance()) == null) {
        Log.debug(each.instance() + " gets no new calls from here: it is " + each.note());
      }
    }
    for (Drains.Drain each : before.all()) {
      if (!own.contains(each.instance()) && drains.of(each.instance()) == null) {
        Log.debug(each.instance() + " gets calls from here again: it is no longer drained");
      }
    }
    before = drains;
  }

  private void tell(String place, String note) {
    String last = note == null ? told.remove(place) : told.put(place, note);
    if (Objects.equals(last, note)) {
      return;
    }
    if (note == null) {
      Log.warn("this program's instance " + place + " is no longer drained: it gets calls again");
    } else {
      Log.warn(
          "this program's instance "
              + place
              + " is "
              + note
              + ": clients finish their calls and begin no others, until somebody says drain "
              + place
              + " --off");
    }
  }
}
