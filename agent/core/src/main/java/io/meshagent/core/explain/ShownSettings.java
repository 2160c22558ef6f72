package io.meshagent.core.explain;

import io.meshagent.core.config.Setting;
import io.meshagent.core.policy.MethodSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings as JSON has them: what counts, where it was written, and what it beats. Stateless. */
final class ShownSettings {

  private ShownSettings() {}

  /** Those that somebody has written. */
  static List<Map<String, Object>> rows(MethodSettings of) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (List<Setting> applying : of.all()) {
      if (!applying.get(0).isDefault()) {
        Map<String, Object> row = row(applying.get(0));
        List<Map<String, Object>> beaten = new ArrayList<>();
        for (Setting each : applying.subList(1, applying.size())) {
          if (!each.isDefault()) {
            beaten.add(row(each));
          }
        }
        row.put("beats", beaten);
        rows.add(row);
      }
    }
    return rows;
  }

  private static Map<String, Object> row(Setting setting) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("setting", setting.name());
    row.put("value", setting.value());
    row.put("from", setting.source());
    return row;
  }

  /** The values of those that nobody has. */
  static Map<String, Object> defaults(MethodSettings of) {
    Map<String, Object> defaults = new LinkedHashMap<>();
    for (List<Setting> applying : of.all()) {
      if (applying.get(0).isDefault()) {
        defaults.put(applying.get(0).name(), applying.get(0).value());
      }
    }
    return defaults;
  }
}
