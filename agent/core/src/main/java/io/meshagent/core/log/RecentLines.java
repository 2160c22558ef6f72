package io.meshagent.core.log;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last things that the agent had to say, for the page: those for information too, which most
 * programs don't have written. Bounded in number and length. Thread-safe; nothing waits under its
 * lock.
 */
final class RecentLines {

  private static final int MOST = 100;
  private static final int LONGEST = 1_000;

  /** Guarded by this; the eldest is the first. */
  private final Deque<LogLine> lines = new ArrayDeque<>(MOST);

  synchronized void add(Instant when, String level, String sentence) {
    if (lines.size() == MOST) {
      LogLine unused = lines.removeFirst();
    }
    String kept = sentence.length() > LONGEST ? sentence.substring(0, LONGEST) + "…" : sentence;
    lines.addLast(new LogLine(when, level, kept));
  }

  /** The youngest first. */
  synchronized List<LogLine> all() {
    List<LogLine> all = new ArrayList<>(lines.size());
    lines.descendingIterator().forEachRemaining(all::add);
    return all;
  }

  synchronized void clear() {
    lines.clear();
  }
}
