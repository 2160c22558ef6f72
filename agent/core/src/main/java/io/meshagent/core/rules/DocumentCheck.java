package io.meshagent.core.rules;

import io.meshagent.core.config.Audience;
import io.meshagent.core.config.Overlay;
import io.meshagent.core.config.Problem;
import io.meshagent.core.config.Settings;
import java.util.ArrayList;
import java.util.List;

/** What every program asks of a document, and who writes one should ask before. Stateless. */
public final class DocumentCheck {

  /** Of a document, in bytes. */
  public static final int LONGEST = 64 * 1024;

  private static final int MOST_PROBLEMS = 20;

  private DocumentCheck() {}

  /**
   * All that is wrong with a document, but not more than people read.
   *
   * @param shownAs as problems name it
   * @param text null if it is too long to be read
   * @param base what it would be laid over
   * @return empty if nothing is
   */
  public static List<String> problems(String shownAs, String text, Settings base) {
    List<String> problems = new ArrayList<>();
    if (text == null) {
      problems.add(shownAs + ": it is longer than 64 KiB, the most that is read.");
      return problems;
    }
    Overlay overlay = new Overlay(base);
    overlay.add(shownAs, text);
    List<Problem> all = new ArrayList<>(Audience.of(shownAs, text).problems());
    all.addAll(overlay.problems());
    for (Problem problem : all.subList(0, Math.min(MOST_PROBLEMS, all.size()))) {
      problems.add(problem.toString());
    }
    return problems;
  }
}
