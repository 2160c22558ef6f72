package io.meshagent.core.policy.cache;

import io.meshagent.core.call.Call;

/**
 * Headers by which somebody may be known: what an answer to them says may be for nobody else. By
 * parts of their names, since there are more of them than anybody has listed. Stateless.
 */
final class Credentials {

  private static final String[] PARTS = {
    "auth",
    "token",
    "cookie",
    "secret",
    "password",
    "credential",
    "session",
    "api-key",
    "apikey",
    "api_key",
    "access-key",
    "jwt",
    "assertion",
    "signature",
    "cert"
  };

  private Credentials() {}

  /** Whether a header of this name, in lower case, may be one. */
  static boolean isOne(String name) {
    for (String part : PARTS) {
      if (name.contains(part)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the call has any that can be seen at this moment. */
  static boolean areOn(Call call) {
    return call.hasCredentials() || firstIn(call) != null;
  }

  /** The name of the first header that may be one; null if there is none. */
  static String firstIn(Call call) {
    for (String name : call.headerNames()) {
      if (isOne(name)) {
        return name;
      }
    }
    return null;
  }
}
