package io.meshagent.core.route.rule;

import io.meshagent.core.log.Log;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression that a value has to match as a whole, and that can't hold a thread up: the
 * JDK's engine tries again and again, for ever with some expressions, so each character that it
 * looks at is counted. One that takes long for texts made of its own characters is refused when it
 * is read; what shows itself later is stopped and matches nothing. Immutable and thread-safe.
 */
public final class BoundedPattern {

  /** Some milliseconds at the most; a value of 4 KB takes a tenth of it by a usual expression. */
  private static final int MOST_STEPS = 100_000;

  /** One thing that is repeated, and again: what it means for a text can be told in 2^n ways. */
  private static final Pattern REPEATED_TWICE =
      Pattern.compile(
          "(?<!\\\\)\\((\\?:)?(\\\\.|\\[[^\\]]*\\]|[^\\\\()\\[\\]])([+*]|\\{\\d+,\\})\\)([+*]|\\{\\d+,\\})");

  private static final int MOST_STEPS_ON_TRIAL = 20_000;
  private static final int LONGEST = 256;
  private static final int TRIAL_LENGTH = 64;
  private static final String USUAL = "a0 -.";
  private static final int MOST_TRIED_CHARACTERS = 12;

  /** Thrown out of the JDK's engine, which has no other way to be stopped. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Stopped() {
      super(null, null, false, false);
    }
  }

  private static final class Counted implements CharSequence {
    private final CharSequence text;
    private int left;

    Counted(CharSequence text, int most) {
      this.text = text;
      this.left = most;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new Stopped();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  private final Pattern pattern;

  private BoundedPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Reads an expression in the syntax of {@link Pattern}.
   *
   * @throws IllegalArgumentException with what is wrong, to be said after its text: {@code does not
   *     compile …}
   */
  public static BoundedPattern of(String regex) {
    if (regex.length() > LONGEST) {
      throw new IllegalArgumentException("is longer than " + LONGEST + " characters");
    }
    BoundedPattern made;
    try {
      made = new BoundedPattern(Pattern.compile(regex));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "does not compile: " + e.getDescription() + " near character " + (e.getIndex() + 1), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("is nested too deeply", e);
    }
    if (REPEATED_TWICE.matcher(regex).find()) {
      throw new IllegalArgumentException(
          "backtracks: it repeats a repetition, as (a+)+ does; once is enough");
    }
    for (String text : trials(regex)) {
      if (!made.isQuick(text)) {
        throw new IllegalArgumentException(
            "backtracks: it takes more than "
                + MOST_STEPS_ON_TRIAL
                + " steps for "
                + text.length()
                + " characters like "
                + text.substring(0, 8));
      }
    }
    return made;
  }

  private boolean isQuick(String text) {
    try {
      boolean unused = pattern.matcher(new Counted(text, MOST_STEPS_ON_TRIAL)).matches();
      return true;
    } catch (Stopped | StackOverflowError e) {
      return false;
    }
  }

  /**
   * Long texts of one or two of its characters, which nearly match: what is slow, is slow there.
   */
  private static List<String> trials(String regex) {
    Set<Character> characters = new LinkedHashSet<>();
    String usual = USUAL + regex;
    for (int i = 0; i < usual.length() && characters.size() < MOST_TRIED_CHARACTERS; i++) {
      if (i < USUAL.length() || isLiteral(usual.charAt(i))) {
        characters.add(usual.charAt(i));
      }
    }
    String before = literalBegin(regex);
    List<String> trials = new ArrayList<>();
    for (char one : characters) {
      for (char other : characters) {
        StringBuilder text = new StringBuilder(before);
        for (int i = 0; i < TRIAL_LENGTH / 2; i++) {
          text.append(one).append(other);
        }
        trials.add(text.toString());
        trials.add(text.append('\u0001').toString());
      }
    }
    return trials;
  }

  /** What every match begins with, as far as that is plain to see. */
  private static String literalBegin(String regex) {
    int end = 0;
    while (end < regex.length() && isLiteral(regex.charAt(end))) {
      end++;
    }
    boolean repeated = end < regex.length() && "?*+{|".indexOf(regex.charAt(end)) >= 0;
    return regex.substring(0, repeated ? Math.max(0, end - 1) : end);
  }

  private static boolean isLiteral(char each) {
    return Character.isLetterOrDigit(each) || " -_/:=,".indexOf(each) >= 0;
  }

  /** Whether the whole of a value matches; false where that would take too long to say. */
  public boolean matches(CharSequence value) {
    try {
      return pattern.matcher(new Counted(value, MOST_STEPS)).matches();
    } catch (Stopped | StackOverflowError e) {
      Log.warnOnce(
          "regex " + pattern,
          "the regular expression "
              + pattern
              + " of a routing rule was stopped after "
              + MOST_STEPS
              + " steps and is taken not to match such values; write it without repetitions within"
              + " repetitions");
      return false;
    }
  }

  /** The expression as it was written. */
  @Override
  public String toString() {
    return pattern.pattern();
  }
}
