package io.meshagent.core.admin;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** What the header of that name holds (RFC 7617 for Basic, RFC 6750 for Bearer). */
final class Authorization {

  private Authorization() {}

  /** The password or token; empty if there is none or it can't be read. */
  static String password(String header) {
    int space = header.indexOf(' ');
    String scheme = space < 0 ? "" : header.substring(0, space).toLowerCase(Locale.ROOT);
    String value = header.substring(space + 1).trim();
    switch (scheme) {
      case "bearer":
        return value;
      case "basic":
        return afterName(value);
      default:
        return "";
    }
  }

  /** Browsers ask for a name as well; which one it is does not matter. */
  private static String afterName(String encoded) {
    try {
      String both = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      return both.substring(both.indexOf(':') + 1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
