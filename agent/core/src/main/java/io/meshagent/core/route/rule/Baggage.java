package io.meshagent.core.route.rule;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads the W3C header {@code baggage}: {@code lane=blue,user=7;property}. What is not written as
 * it should be is passed over. Stateless.
 */
public final class Baggage {

  public static final String HEADER = "baggage";

  /** What the recommendation has a platform pass on at least. */
  public static final int LONGEST = 8_192;

  private Baggage() {}

  /** The value of a member, decoded; null if there is none of that name, or it is empty. */
  public static String value(String baggage, String name) {
    String member = member(baggage, name);
    if (member == null) {
      return null;
    }
    int end = member.indexOf(';');
    String value =
        member.substring(member.indexOf('=') + 1, end < 0 ? member.length() : end).trim();
    return value.isEmpty() ? null : decoded(value);
  }

  /** A member with its name and properties, as it stands there; null if there is none. */
  public static String member(String baggage, String name) {
    int begin = 0;
    while (begin < baggage.length()) {
      int comma = baggage.indexOf(',', begin);
      int end = comma < 0 ? baggage.length() : comma;
      if (isNamed(baggage, begin, end, name)) {
        return baggage.substring(begin, end).trim();
      }
      begin = end + 1;
    }
    return null;
  }

  private static boolean isNamed(String baggage, int begin, int end, String name) {
    int at = begin;
    while (at < end && baggage.charAt(at) <= ' ') {
      at++;
    }
    if (!baggage.startsWith(name, at)) {
      return false;
    }
    at += name.length();
    while (at < end && baggage.charAt(at) <= ' ') {
      at++;
    }
    return at < end && baggage.charAt(at) == '=';
  }

  private static String decoded(String value) {
    if (value.indexOf('%') < 0) {
      return value;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
    for (int i = 0; i < value.length(); i++) {
      char each = value.charAt(i);
      int high = i + 2 < value.length() ? Character.digit(value.charAt(i + 1), 16) : -1;
      int low = i + 2 < value.length() ? Character.digit(value.charAt(i + 2), 16) : -1;
      if (each == '%' && high >= 0 && low >= 0) {
        bytes.write(16 * high + low);
        i += 2;
      } else {
        bytes.write(each);
      }
    }
    return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
  }
}
