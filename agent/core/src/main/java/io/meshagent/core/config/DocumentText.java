package io.meshagent.core.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The text of a document, to be changed and shown. Stateless. */
public final class DocumentText {

  private DocumentText() {}

  /**
   * The same text with other values: each stands where its key stood, or at the end. All other
   * lines stay as they are, but two that set the same key become one.
   *
   * @param values by key and perhaps selector, in the order in which new ones are written; null for
   *     a setting that goes
   */
  public static String with(String text, Map<String, String> values) {
    Map<Integer, PropertiesText.Entry> begins = new HashMap<>();
    for (PropertiesText.Entry entry : PropertiesText.parse(text)) {
      begins.put(entry.line, entry);
    }
    Map<String, String> left = new LinkedHashMap<>(values);
    List<String> written = new ArrayList<>();
    String[] lines = PropertiesText.lines(text);
    for (int i = 0; i < lines.length; i++) {
      PropertiesText.Entry entry = begins.get(i + 1);
      if (entry == null || !values.containsKey(entry.key)) {
        written.add(lines[i]);
        continue;
      }
      String value = left.remove(entry.key);
      if (value != null) {
        written.add(entry.key + "=" + value);
      }
      i = entry.lastLine - 1;
    }
    while (!written.isEmpty() && written.get(written.size() - 1).trim().isEmpty()) {
      written.remove(written.size() - 1);
    }
    left.values().removeIf(Objects::isNull);
    left.forEach((key, value) -> written.add(key + "=" + value));
    return String.join("\n", written) + "\n";
  }

  /**
   * The same text without some of its settings; all other lines stay as they are.
   *
   * @param keys with their selectors, as they stand there
   */
  public static String without(String text, Collection<String> keys) {
    Map<String, String> nothing = new HashMap<>();
    keys.forEach(key -> nothing.put(key, null));
    return with(text, nothing);
  }

  /** What a text sets, with the selectors. */
  public static Set<String> keys(String text) {
    Set<String> keys = new LinkedHashSet<>();
    PropertiesText.parse(text).forEach(entry -> keys.add(entry.key));
    return keys;
  }

  /** Whether it sets nothing, whomever it is for. */
  public static boolean isEmpty(String text) {
    return keys(text).stream().allMatch(key -> key.startsWith("apply-to."));
  }

  /** The text as it may be shown: a value that is a secret is left out, and comments beside it. */
  public static String shown(String text, KnownKeys keys) {
    Set<String> secret = new HashSet<>();
    keys.all().stream().filter(Key::isSecret).forEach(key -> secret.add(key.name()));
    List<String> shown = new ArrayList<>();
    boolean any = false;
    for (PropertiesText.Entry entry : PropertiesText.parse(text)) {
      boolean isSecret = secret.contains(entry.key.split("@", 2)[0]);
      any |= isSecret;
      String value = isSecret ? "(value not shown)" : entry.value;
      shown.add(value == null ? entry.key : entry.key + "=" + value);
    }
    return any ? String.join("\n", shown) : text;
  }
}
