package io.meshagent.core.call;

/**
 * How agents say which application calls: {@code mesh-caller: shop;agent}. The mark at its end
 * tells it from a header of the program's own. Stateless.
 */
public final class CallerName {

  /** The header. */
  public static final String HEADER = "mesh-caller";

  /** What agents write behind the name. */
  public static final String MARK = ";agent";

  /** In characters; longer ones are nobody's name. */
  public static final int LONGEST = 200;

  private CallerName() {}

  /** The name that a header's value says, by whomever it was written; null if it says none. */
  public static String in(String value) {
    if (value == null) {
      return null;
    }
    String name = value.endsWith(MARK) ? value.substring(0, value.length() - MARK.length()) : value;
    return name.isEmpty() || name.length() > LONGEST ? null : name;
  }
}
