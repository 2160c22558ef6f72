package io.meshagent.core.policy.fallback;

import io.meshagent.core.api.Code;
import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Status codes that another response may stand in for. At least one; immutable. */
final class FallbackCodes {

  private static final String GOOD = "is not a list of status codes like UNAVAILABLE,INTERNAL";

  private final Set<Code> codes;

  private FallbackCodes(Set<Code> codes) {
    this.codes = codes;
  }

  static Type<FallbackCodes> type() {
    return Types.simple(
        "list of status codes",
        "not OK or CANCELLED",
        FallbackCodes::parse,
        FallbackCodes::toString);
  }

  private static Parsed<FallbackCodes> parse(String text) {
    Set<Code> codes = EnumSet.noneOf(Code.class);
    for (String word : text.split(",", -1)) {
      Code code = named(word.trim().toUpperCase(Locale.ROOT));
      if (code == null) {
        return Parsed.problem(GOOD);
      }
      if (code == Code.OK || code == Code.CANCELLED) {
        return Parsed.problem(
            "names " + code + ", and what went well or was given up needs no other response");
      }
      codes.add(code);
    }
    return Parsed.value(new FallbackCodes(codes));
  }

  private static Code named(String name) {
    for (Code code : Code.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return null;
  }

  boolean contains(Code code) {
    return codes.contains(code);
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    return codes.stream().map(Code::name).collect(Collectors.joining(","));
  }
}
