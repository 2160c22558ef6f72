package io.meshagent.core.rules;

import io.meshagent.core.config.Audience;
import io.meshagent.core.config.DocumentSettings;
import io.meshagent.core.config.KnownKeys;
import io.meshagent.core.config.Overlay;
import io.meshagent.core.config.Problem;
import io.meshagent.core.config.Settings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** What every program asks of a document, and who writes one should ask before. Immutable. */
public final class DocumentCheck {

  /** Of a document, in bytes. */
  public static final int LONGEST = 64 * 1024;

  /** What {@link #isName} asks, for people; half a sentence. */
  public static final String NAMES =
      "A document's name has up to 120 letters, digits, dots, dashes and underscores, and slashes"
          + " between them";

  private static final Pattern NAME = Pattern.compile("[\\w.-]+(/[\\w.-]+)*");
  private static final int LONGEST_NAME = 120;

  private static final int MOST_PROBLEMS = 20;

  private final List<String> problems;
  private final Audience audience;
  private final DocumentSettings settings;

  private DocumentCheck(List<String> problems, Audience audience, DocumentSettings settings) {
    this.problems = Collections.unmodifiableList(problems);
    this.audience = audience;
    this.settings = settings;
  }

  /**
   * All that is wrong with a document that somebody means to write, but not more than people read.
   *
   * @param shownAs as problems name it
   * @return empty if nothing is
   */
  public static List<String> problems(String shownAs, String text, KnownKeys keys) {
    boolean fits = text.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    return of(shownAs, fits ? text : null, Overlay.ofDraft(keys)).problems;
  }

  /** Whether a document may have the name. */
  public static boolean isName(String name) {
    // A long one first: the pattern takes a step of the stack for each slash.
    return name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
  }

  /** The same of one that was written, with what it says and what it would be laid over. */
  static DocumentCheck of(String shownAs, String text, Settings base) {
    return of(shownAs, text, new Overlay(base));
  }

  private static DocumentCheck of(String shownAs, String text, Overlay overlay) {
    List<String> problems = new ArrayList<>();
    if (text == null) {
      problems.add(shownAs + ": it is longer than 64 KiB, the most that is read.");
      return new DocumentCheck(problems, null, null);
    }
    overlay.add(shownAs, text);
    Audience audience = Audience.of(shownAs, text);
    List<Problem> all = new ArrayList<>(audience.problems());
    all.addAll(overlay.problems());
    for (Problem problem : all.subList(0, Math.min(MOST_PROBLEMS, all.size()))) {
      problems.add(problem.toString());
    }
    return new DocumentCheck(problems, audience, overlay.read());
  }

  /** What is wrong, empty if nothing is: then the others count. */
  List<String> problems() {
    return problems;
  }

  Audience audience() {
    return audience;
  }

  DocumentSettings settings() {
    return settings;
  }
}
