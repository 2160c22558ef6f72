package io.meshagent.core.policy.retry;

import io.meshagent.core.api.Code;
import io.meshagent.core.config.Parsed;
import io.meshagent.core.config.Type;
import io.meshagent.core.config.Types;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Status codes after which another attempt may do better. At least one; immutable. */
final class RetryCodes {

  private static final String GOOD = "is not a list of status codes like UNAVAILABLE,ABORTED";

  private final Set<Code> codes;

  private RetryCodes(Set<Code> codes) {
    this.codes = Collections.unmodifiableSet(codes);
  }

  static Type<RetryCodes> type() {
    return Types.simple(
        "list of status codes", "not OK or CANCELLED", RetryCodes::parse, RetryCodes::toString);
  }

  private static Parsed<RetryCodes> parse(String text) {
    EnumSet<Code> codes = EnumSet.noneOf(Code.class);
    for (String word : text.split(",", -1)) {
      String name = word.trim().toUpperCase(Locale.ROOT);
      Code code = named(name);
      if (code == null) {
        return Parsed.problem(name.matches("[A-Z_]{1,30}") ? GOOD + ": there is no " + name : GOOD);
      }
      if (code == Code.OK || code == Code.CANCELLED) {
        return Parsed.problem(
            "names " + code + ", and what went well or was given up is not sent again");
      }
      codes.add(code);
    }
    return Parsed.value(new RetryCodes(codes));
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

  List<String> names() {
    return codes.stream().map(Code::name).collect(Collectors.toList());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RetryCodes && ((RetryCodes) other).codes.equals(codes);
  }

  @Override
  public int hashCode() {
    return codes.hashCode();
  }

  /** As it is written in a file. */
  @Override
  public String toString() {
    return String.join(",", names());
  }
}
