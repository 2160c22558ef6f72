package io.meshagent.core.route.rule;

/** Values as rules write them. Stateless. */
public final class Quoted {

  private Quoted() {}

  /** The value, in quotes where it could be taken for something else without them. */
  public static String of(String value) {
    boolean plain =
        !value.isEmpty()
            && value.trim().equals(value)
            && value.indexOf('"') < 0
            && value.indexOf(';') < 0
            && value.indexOf('&') < 0
            && value.indexOf('?') < 0
            && !value.contains("->");
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
