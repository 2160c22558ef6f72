package io.meshagent.core.policy.base;

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

/** Status codes of failures that a policy does something about. At least one; immutable. */
public final class FailureCodes {

  private static final String GOOD = "is not a list of status codes like UNAVAILABLE,ABORTED";

  private final Set<Code> codes;

  private FailureCodes(Set<Code> codes) {
    this.codes = Collections.unmodifiableSet(codes);
  }

  /**
   * The type of a setting.
   *
   * @param notFor what is not done after OK and CANCELLED, with its verb: {@code is not sent again}
   */
  public static Type<FailureCodes> type(String notFor) {
    return Types.simple(
        "list of status codes",
        "not OK or CANCELLED",
        text -> parse(text, notFor),
        FailureCodes::toString);
  }

  private static Parsed<FailureCodes> parse(String text, String notFor) {
    Set<Code> codes = EnumSet.noneOf(Code.class);
    for (String word : text.split(",", -1)) {
      String name = word.trim().toUpperCase(Locale.ROOT);
      Code code = named(name);
      if (code == null) {
        return Parsed.problem(name.matches("[A-Z_]{1,30}") ? GOOD + ": there is no " + name : GOOD);
      }
      if (code == Code.OK || code == Code.CANCELLED) {
        return Parsed.problem("names " + code + ", and what went well or was given up " + notFor);
      }
      codes.add(code);
    }
    return Parsed.value(new FailureCodes(codes));
  }

  private static Code named(String name) {
    for (Code code : Code.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return null;
  }

  public boolean contains(Code code) {
    return codes.contains(code);
  }

  public List<String> names() {
    return codes.stream().map(Code::name).collect(Collectors.toList());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FailureCodes && ((FailureCodes) other).codes.equals(codes);
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
