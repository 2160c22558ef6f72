package io.meshagent.core.registry.local;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Names as file names that every system takes: the other bytes as {@code %} and two digits. */
final class FileNames {

  /** What {@link #forEntry} makes. */
  private static final Pattern ENTRY = Pattern.compile("[A-Za-z0-9._%-]+\\.[0-9a-f]{16}");

  private FileNames() {}

  static String encode(String name) {
    StringBuilder out = new StringBuilder(name.length() + 8);
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_'
              // Not first: a dot there means hidden, or this directory, or the one above.
              || (c == '.' && out.length() > 0);
      if (plain) {
        out.append(c);
      } else {
        out.append('%').append(hexDigit(c >> 4)).append(hexDigit(c & 15));
      }
    }
    return out.toString();
  }

  private static char hexDigit(int value) {
    return Character.toUpperCase(Character.forDigit(value, 16));
  }

  /** Null if the name is not one that {@link #encode} makes. */
  static String decode(String fileName) {
    byte[] bytes = new byte[fileName.length()];
    int length = 0;
    for (int i = 0; i < fileName.length(); i++) {
      char c = fileName.charAt(i);
      if (c == '%') {
        int high = i + 2 < fileName.length() ? Character.digit(fileName.charAt(i + 1), 16) : -1;
        int low = i + 2 < fileName.length() ? Character.digit(fileName.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        bytes[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        bytes[length++] = (byte) c;
      }
    }
    String name = new String(bytes, 0, length, StandardCharsets.UTF_8);
    return encode(name).equals(fileName) ? name : null;
  }

  /** A name for one entry that no other entry ever has. */
  static String forEntry(String hostPort, long random) {
    return encode(hostPort) + String.format(".%016x", random);
  }

  /** Whether a file was made by a registry, so that it may be removed once nobody holds it. */
  static boolean isEntry(String fileName) {
    return ENTRY.matcher(fileName).matches();
  }
}
