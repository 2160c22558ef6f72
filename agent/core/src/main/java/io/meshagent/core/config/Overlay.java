package io.meshagent.core.config;

import java.util.List;

/**
 * What documents say while the program runs, laid over the settings of the start: each wins over
 * those and over the documents before it, for each key and selector by itself. Only live keys can
 * be set so; anything else is a problem and changes nothing. Used by one thread, for one set of
 * documents: for the next set another one is laid over the same start.
 */
public final class Overlay {

  private final SettingsBuilder settings;

  public Overlay(Settings start) {
    this(new SettingsBuilder(start, false));
  }

  private Overlay(SettingsBuilder settings) {
    this.settings = settings;
  }

  /** For documents that no program has: what is wrong with them is told, and not what counts. */
  public static Overlay ofDraft(KnownKeys keys) {
    return new Overlay(new SettingsBuilder(Settings.defaults(keys), true));
  }

  /**
   * Lays one more document over the others.
   *
   * @param shownAs its name and revision; with the line it is the source of what it sets
   * @param text as a configuration file's
   */
  public void add(String shownAs, String text) {
    ConfigFile.parse(text, shownAs, settings);
  }

  /** Lays one more document over the others, which was read by another overlay. */
  public void add(DocumentSettings document) {
    settings.add(document);
  }

  /** What the text says that was added here, so far as it could be read. Asked at the end. */
  public DocumentSettings read() {
    return settings.laid();
  }

  /** What is wrong with the documents, in the order in which they were added. */
  public List<Problem> problems() {
    return settings.problems();
  }

  /** The start's settings and what the documents say, so far as it could be read. */
  public Settings settings() {
    return settings.build();
  }
}
