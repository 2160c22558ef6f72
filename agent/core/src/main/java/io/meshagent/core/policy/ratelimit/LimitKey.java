package io.meshagent.core.policy.ratelimit;

import io.meshagent.core.call.Call;
import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;
import io.meshagent.core.policy.base.SupposedCall;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** By what calls are told apart that have a rate of their own. Immutable. */
public final class LimitKey {

  /** All calls share the rate. */
  static final LimitKey NONE = new LimitKey("none", null);

  /** Each application that calls has it. */
  static final LimitKey CALLER = new LimitKey("caller", null);

  private static final String HEADER = "header:";

  /** What gRPC takes for the name of a header of text. */
  private static final Pattern NAME = Pattern.compile("[0-9a-z_.-]{1,100}");

  /** Longer values, of a token for one, are remembered by their hash. */
  private static final int LONGEST = 64;

  private final String text;

  /** Null for the two above. */
  private final String header;

  private LimitKey(String text, String header) {
    this.text = text;
    this.header = header;
  }

  static Type<LimitKey> ofServers() {
    return type("none, caller or header:NAME", true);
  }

  /** All calls of a client are its own. */
  static Type<LimitKey> ofClients() {
    return type("none or header:NAME", false);
  }

  private static Type<LimitKey> type(String range, boolean ofServers) {
    return Types.simple(
        "key",
        range,
        text -> {
          if (text.equals(NONE.text)) {
            return Parsed.value(NONE);
          }
          if (text.equals(CALLER.text) && ofServers) {
            return Parsed.value(CALLER);
          }
          String name = text.startsWith(HEADER) ? text.substring(HEADER.length()) : "";
          return NAME.matcher(name).matches() && !name.endsWith("-bin")
              ? Parsed.value(new LimitKey(text, name))
              : Parsed.problem("is not " + range + ", the name in lower case and not of bytes");
        },
        LimitKey::toString);
  }

  boolean isNone() {
    return this == NONE;
  }

  boolean isCaller() {
    return this == CALLER;
  }

  /** What tells a call from others, bounded; null if it has nothing of the kind. */
  String of(Call call) {
    return bounded(this == CALLER ? caller(call) : call.header(header));
  }

  /** The same of a call that nobody makes, which no certificate is of. */
  String of(SupposedCall call) {
    return bounded(this == CALLER ? call.caller() : call.header(header));
  }

  private static String bounded(String value) {
    return value == null || value.length() <= LONGEST ? value : hash(value);
  }

  private static String caller(Call call) {
    List<String> proven = call.certified();
    // What is proven and what is only said must not meet.
    return proven.isEmpty() ? call.callerName() : "tls:" + proven.get(0);
  }

  private static String hash(String value) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(value.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each Java has SHA-256", e);
    }
  }

  /** Whose calls are too many, for who reads that they are: nothing of what is in the header. */
  String ofOne() {
    return isNone() ? "" : isCaller() ? " of one caller" : " with one value of " + header;
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    return text;
  }
}
