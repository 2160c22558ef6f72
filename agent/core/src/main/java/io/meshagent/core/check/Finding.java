package io.meshagent.core.check;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One thing that was looked at: what was seen, and what to do about it. The words under which it is
 * told to programs stay as they are. Immutable.
 */
public final class Finding {

  /** What it means. */
  public enum Mark {
    GOOD,
    /** The program runs, and somebody may have meant it otherwise. */
    HINT,
    /** Something that was asked for will not be so. */
    WRONG
  }

  /** Where each look has a section of its own. */
  private static final String PAGE = "agent/docs/check.md#";

  private final String look;
  private final Mark mark;
  private final String seen;
  private final String cure;

  private Finding(String look, Mark mark, String seen, String cure) {
    this.look = look;
    this.mark = mark;
    this.seen = seen;
    this.cure = cure;
  }

  static Finding good(String look, String seen) {
    return new Finding(look, Mark.GOOD, seen, null);
  }

  /**
   * @param cure what to do, half a sentence; null if the first half says it
   */
  static Finding hint(String look, String seen, String cure) {
    return new Finding(look, Mark.HINT, seen, cure);
  }

  /**
   * @param cure as for {@link #hint}
   */
  static Finding wrong(String look, String seen, String cure) {
    return new Finding(look, Mark.WRONG, seen, cure);
  }

  /** What {@link #facts} has told; null if that is no finding. */
  static Finding of(Map<?, ?> facts) {
    Object look = facts.get("look");
    Object seen = facts.get("seen");
    Object cure = facts.get("do");
    for (Mark mark : Mark.values()) {
      if (word(mark).equals(facts.get("result")) && look instanceof String && seen != null) {
        return new Finding(
            (String) look, mark, seen.toString(), cure == null ? null : cure.toString());
      }
    }
    return null;
  }

  private static String word(Mark mark) {
    return mark.name().toLowerCase(Locale.ROOT);
  }

  /** For programs. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("look", look);
    facts.put("result", word(mark));
    facts.put("seen", seen);
    facts.put("do", cure);
    facts.put("docs", docs());
    return facts;
  }

  /** What was looked at, which is also the heading of its section. */
  String look() {
    return look;
  }

  public Mark mark() {
    return mark;
  }

  private String docs() {
    return PAGE + look;
  }

  /** One sentence for people. */
  public String sentence() {
    String whole = cure == null ? seen : seen + "; " + cure;
    return mark == Mark.GOOD ? whole + "." : whole + " (" + docs() + ").";
  }
}
