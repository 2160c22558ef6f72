package io.meshagent.core.route.rule;

import io.meshagent.core.api.Attempt;

/** What one header of a call has to be. Immutable. */
public final class HeaderTest {

  /** Stands for the method's path, as Envoy calls it: {@code /package.Service/Method}. */
  public static final String PATH = ":path";

  private final String name;

  /** Null if it has to match the pattern. */
  private final String value;

  private final BoundedPattern pattern;

  private HeaderTest(String name, String value, BoundedPattern pattern) {
    this.name = name;
    this.value = value;
    this.pattern = pattern;
  }

  /** The header is there and has this value, letter for letter. */
  public static HeaderTest is(String name, String value) {
    return new HeaderTest(name, value, null);
  }

  /** The header is there and all of it matches. */
  public static HeaderTest matches(String name, BoundedPattern pattern) {
    return new HeaderTest(name, null, pattern);
  }

  /** The header that it reads; null if it reads none. */
  String header() {
    return name.equals(PATH) ? null : name;
  }

  boolean test(Attempt attempt) {
    if (name.equals(PATH)) {
      String method = attempt.method();
      return value != null
          ? value.length() == method.length() + 1 && value.endsWith(method)
          : pattern.matches("/" + method);
    }
    String header = attempt.header(name);
    return header != null && (value != null ? value.equals(header) : pattern.matches(header));
  }

  /** As it would be written in a rule. */
  @Override
  public String toString() {
    return value != null
        ? name + "=" + Quoted.of(value)
        : name + "~" + Quoted.of(pattern.toString());
  }
}
