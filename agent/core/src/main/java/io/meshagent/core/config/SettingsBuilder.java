package io.meshagent.core.config;

import io.meshagent.core.config.Settings.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Collects what the sources say, the weakest source first, and everything that is wrong with it.
 * Used by one thread.
 *
 * <p>What a bad value is replaced by is known only when all sources were read; problems are put in
 * words at the end.
 */
final class SettingsBuilder {

  private static final String UNSHOWN = "(value not shown)";
  private static final int LONGEST_SHOWN = 80;

  /** A file that is no configuration has a problem in every line. */
  private static final int MOST_PROBLEMS = 100;

  /** With its selector; no name in gRPC comes near that. */
  private static final int LONGEST_NAME = 500;

  private static final int LONGEST_VALUE = 8_192;
  private static final int LONGEST_SENTENCE = 1_000;

  private final KnownKeys keys;
  private final Map<Key<?>, Map<String, Entry>> entries = new LinkedHashMap<>();

  /** Those that were laid over others. */
  private final Map<Key<?>, Map<String, Entry>> laid = new LinkedHashMap<>();

  private final List<Supplier<Problem>> problems = new ArrayList<>();
  private int moreProblems;

  /** Whether the program runs already, and only live keys may be set. */
  private final boolean running;

  /** Whether nothing counts in place of what is wrong. */
  private final boolean draft;

  /** What was wrong with those that are laid over. */
  private final List<Problem> before;

  /** Null if none was read. */
  private String file;

  /** The defaults, to begin with. */
  SettingsBuilder(KnownKeys keys) {
    this.keys = keys;
    this.running = false;
    this.draft = false;
    this.before = Collections.emptyList();
    for (Key<?> key : keys.all()) {
      entries.put(key, new LinkedHashMap<>());
      put(key, Selector.PLAIN, key.defaultValue(), Settings.DEFAULT);
    }
  }

  /**
   * The settings of a program that runs, to begin with.
   *
   * @param draft whether there is no such program, and somebody only asks what is wrong
   */
  SettingsBuilder(Settings start, boolean draft) {
    this.keys = start.keys();
    this.running = true;
    this.draft = draft;
    this.before = start.problems();
    this.file = start.file();
    start.copyTo(entries);
  }

  /** Another default than the key's own, which only the running program knows. */
  <T> void derive(Key<T> key, T value) {
    put(key, Selector.PLAIN, value, Settings.DEFAULT);
  }

  /**
   * One setting as somebody wrote it.
   *
   * @param name the key's name and perhaps {@code @selector}
   */
  void set(Origin origin, String name, String text) {
    String written = origin.written;
    if (name.length() > LONGEST_NAME) {
      String begin = written.substring(0, LONGEST_SHOWN) + "…";
      String sentence = begin + " is too long for a setting, so it changes nothing";
      add(origin.where, origin.line, begin, sentence);
      return;
    }
    if (running && name.startsWith(Audience.PREFIX)) {
      // Of a document, and no setting.
      return;
    }
    int at = name.indexOf('@');
    Key<?> key = keys.named(at < 0 ? name : name.substring(0, at));
    if (key == null) {
      boolean told = problems.size() < MOST_PROBLEMS;
      String nearest = told ? NearestKey.to(at < 0 ? name : name.substring(0, at), keys) : null;
      String hint = nearest == null ? "" : " (did you mean " + nearest + "?)";
      add(origin, written + " is no setting" + hint + ", so it changes nothing");
      return;
    }
    if (running && !key.isLive()) {
      addWithOutcome(origin, key, "", written + " can be set only for the start of the program");
      return;
    }
    String selector = at < 0 ? Selector.PLAIN : name.substring(at + 1);
    if (at >= 0 && !key.isSelectable()) {
      String sentence = " cannot be set for a selector, only as " + key.name();
      addWithOutcome(origin, key, "", written + sentence);
      return;
    }
    String wrongSelector = at < 0 ? null : Selector.problem(selector);
    if (wrongSelector != null) {
      add(origin, written + " " + wrongSelector + ", so it changes nothing");
      return;
    }
    if (key.isPerService() && selector.indexOf('/') >= 0) {
      String sentence = " is one for all methods of a service, so write " + key.name() + "@";
      String service = selector.substring(0, selector.indexOf('/'));
      addWithOutcome(origin, key, service, written + sentence + service);
      return;
    }
    if (NeverGoverned.includes(selector)) {
      add(
          origin,
          written
              + " is for a service that answers about the server itself, whose calls no policy"
              + " refuses or delays, so it changes nothing");
      return;
    }
    read(origin, key, selector, text.trim());
  }

  private <T> void read(Origin origin, Key<T> key, String selector, String text) {
    Parsed<T> parsed =
        text.length() > LONGEST_VALUE
            ? Parsed.problem("is longer than " + LONGEST_VALUE + " characters")
            : key.type().parse(text);
    if (!parsed.isProblem()) {
      put(key, selector, parsed.value(), origin.source);
      if (parsed.problem() != null) {
        add(origin, origin.written + ": " + parsed.problem() + "; that part is left out");
      }
      return;
    }
    String what = origin.written + "=" + shown(key, text) + " " + parsed.problem();
    addWithOutcome(origin, key, selector, what);
  }

  /** A value for a message: never a secret, no password in a URL, not longer than a line. */
  private static String shown(Key<?> key, String text) {
    if (key.isSecret()) {
      return UNSHOWN;
    }
    String safe = text.replaceAll("//[^/\\s]*@", "//…@").replaceAll("\\p{Cntrl}", "?");
    return safe.length() > LONGEST_SHOWN ? safe.substring(0, LONGEST_SHOWN) + "…" : safe;
  }

  /** The settings of a file follow. */
  void readFrom(Path read) {
    file = read.toAbsolutePath().toString();
  }

  /** Something wrong that has no other value to fall back to. */
  void add(String where, int line, String written, String sentence) {
    addOne(() -> new Problem(where, line, shortened(written), shortened(sentence) + "."));
  }

  private void add(Origin origin, String sentence) {
    add(origin.where, origin.line, origin.written, sentence);
  }

  private void addWithOutcome(Origin origin, Key<?> key, String selector, String sentence) {
    addOne(
        () -> {
          String now = draft ? "" : ": " + outcome(key, selector);
          String text = shortened(sentence + now) + ".";
          return new Problem(origin.where, origin.line, origin.written, text);
        });
  }

  private static String shortened(String sentence) {
    return sentence.length() > LONGEST_SENTENCE
        ? sentence.substring(0, LONGEST_SENTENCE) + "…"
        : sentence;
  }

  private void addOne(Supplier<Problem> problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(problem);
    } else {
      moreProblems++;
    }
  }

  /** {@code using 10s}: what is in force where the bad value would have been. */
  private String outcome(Key<?> key, String selector) {
    Map<String, Entry> values = entries.get(key);
    Entry entry = values.get(Selector.best(values.keySet(), selector));
    String value = key.isSecret() ? UNSHOWN : showAny(key, entry.value);
    boolean isDefault = entry.source.equals(Settings.DEFAULT);
    if (value.isEmpty()) {
      // Nothing often stands for something: no list of networks is not that none may be called.
      value = isDefault && !key.defaultMeaning().isEmpty() ? key.defaultMeaning() : "none";
    }
    return "using " + value + " (" + (isDefault ? "the default" : entry.source) + ")";
  }

  // A value in entries was parsed by the type of its own key.
  @SuppressWarnings("unchecked")
  private static <T> String showAny(Key<T> key, Object value) {
    return key.type().show((T) value);
  }

  private void put(Key<?> key, String selector, Object value, String source) {
    Entry entry = new Entry(value, source);
    entries.get(key).put(selector, entry);
    if (running) {
      laid.computeIfAbsent(key, any -> new LinkedHashMap<>()).put(selector, entry);
    }
  }

  /** What a document sets that was read before. */
  void add(DocumentSettings document) {
    document.entries().forEach((key, values) -> entries.get(key).putAll(values));
  }

  /** What was read here; nothing more is. */
  DocumentSettings laid() {
    return new DocumentSettings(laid);
  }

  /** What is wrong with all that was set. */
  List<Problem> problems() {
    List<Problem> all = new ArrayList<>();
    problems.forEach(problem -> all.add(problem.get()));
    if (moreProblems > 0) {
      String more = "there are " + moreProblems + " more problems, which are not told one by one.";
      all.add(new Problem("configuration", 0, "", more));
    }
    return all;
  }

  Settings build() {
    List<Problem> all = new ArrayList<>(before);
    all.addAll(problems());
    return new Settings(keys, entries, all, file);
  }
}
