package io.meshagent.core.cli.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a command was given, as its row in the table declares it. Immutable once read. */
public final class Given {

  private final Map<String, List<String>> options = new HashMap<>();
  private final List<String> words = new ArrayList<>();

  Given() {}

  void option(String name, String value) {
    options.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
  }

  void word(String word) {
    words.add(word);
  }

  /** Whether an option stands there; with its dashes. */
  public boolean has(String option) {
    return options.containsKey(option);
  }

  /** What an option was given, the last time; null if it is not there. */
  public String option(String option) {
    List<String> all = options.get(option);
    return all == null ? null : all.get(all.size() - 1);
  }

  /** The same of one that may be given several times. */
  public List<String> options(String option) {
    return Collections.unmodifiableList(options.getOrDefault(option, Collections.emptyList()));
  }

  /** All words that are no options. */
  public List<String> words() {
    return Collections.unmodifiableList(words);
  }

  /** One of them, counted from 0; null if there are fewer. */
  public String word(int index) {
    return index < words.size() ? words.get(index) : null;
  }
}
