package io.meshagent.core.console;

import java.io.UnsupportedEncodingException;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;

/** What follows the question mark of an address. Immutable. */
final class Query {

  private final Map<String, String> values = new HashMap<>();

  /**
   * @param raw as it was sent
   */
  Query(String raw) {
    for (String pair : raw.split("&", -1)) {
      int at = pair.indexOf('=');
      if (at > 0) {
        values.put(decoded(pair.substring(0, at)), decoded(pair.substring(at + 1)));
      }
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, "UTF-8");
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    } catch (IllegalArgumentException e) {
      // It is no escape, and means itself.
      return text;
    }
  }

  /** Empty if it was not given. */
  String text(String name) {
    return values.getOrDefault(name, "");
  }

  /** 0 if it was not given, or is none. */
  long number(String name) {
    String text = text(name);
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
