package io.meshagent.core.rules;

import io.meshagent.core.config.Audience;
import io.meshagent.core.config.DocumentSettings;
import io.meshagent.core.config.Overlay;
import io.meshagent.core.config.Settings;
import io.meshagent.core.registry.Registry.WrittenDocument;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One document: the last that was written, and the last good one, which counts. Guarded by {@link
 * Documents}.
 */
final class FollowedDocument {

  private static final int LONGEST_NAME = 120;

  private final String name;

  /** The last that was written, good or not. */
  private long newest;

  /** What is wrong with it; empty if it is the one that counts. */
  private List<String> problems = Collections.emptyList();

  /** What the last good one says, so that its text is read once; null if there was none. */
  private DocumentSettings good;

  private long revision;
  private Audience audience;

  FollowedDocument(String name) {
    this.name = shortened(name);
  }

  /** A name as reports and logs have it. */
  static String shortened(String name) {
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
  }

  /** Whether it was read already. */
  boolean isNewest(WrittenDocument written) {
    return newest == written.revision();
  }

  /**
   * Checks another one, as a whole: if anything is wrong with it the last good one stays.
   *
   * @param base what it is laid over
   */
  void read(WrittenDocument written, Settings base) {
    newest = written.revision();
    DocumentCheck check = DocumentCheck.of(shownAs(newest), written.text(), base);
    problems = check.problems();
    if (problems.isEmpty()) {
      good = check.settings();
      revision = newest;
      audience = check.audience();
    }
  }

  private String shownAs(long of) {
    return "document " + name + " (revision " + of + ")";
  }

  /** Whether there is a good one, and it is for this program. */
  boolean counts(Member member) {
    return good != null && member.isIn(audience, name);
  }

  void layOver(Overlay overlay) {
    overlay.add(good);
  }

  boolean isRefused() {
    return !problems.isEmpty();
  }

  /** For the log: what became of the last that was written, and what is wrong with it. */
  List<String> news(Member member) {
    List<String> lines = new ArrayList<>();
    if (isRefused()) {
      String before = good == null ? "none was in force before" : "revision " + revision + " stays";
      lines.add(shownAs(newest) + " changes nothing, because of what follows; " + before);
      lines.addAll(problems);
    } else {
      String what = counts(member) ? " is in force" : " is not for this program";
      lines.add(shownAs(newest) + what);
    }
    return lines;
  }

  /** For people and programs. */
  Map<String, Object> facts(Member member) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("document", name);
    facts.put("revision", newest);
    facts.put("state", isRefused() ? "refused" : "read");
    facts.put("in force", counts(member) ? revision : null);
    facts.put("problems", problems);
    return facts;
  }
}
