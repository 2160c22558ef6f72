package io.meshagent.it.programs;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code key=value} words of a command line or of a line on stdin. */
final class Options {

  private final Map<String, String> values = new LinkedHashMap<>();

  Options(String... words) {
    for (String word : words) {
      int at = word.indexOf('=');
      values.put(at < 0 ? word : word.substring(0, at), at < 0 ? "" : word.substring(at + 1));
    }
  }

  String text(String key, String otherwise) {
    return values.getOrDefault(key, otherwise);
  }

  int number(String key, int otherwise) {
    String value = values.get(key);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  boolean has(String key) {
    return values.containsKey(key);
  }
}
