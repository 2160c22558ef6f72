package io.meshagent.core.policy.access;

import io.meshagent.core.log.Log;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What one setting has let in and not, and whom. Thread-safe. */
final class GovernedAccess {

  /** Callers and methods that are told of by name; callers can make up any number of names. */
  static final int MOST_TOLD = 100;

  /** The setting as it is written, {@code server.access@helloworld.Greeter}. */
  final String name;

  final AccessRule rule;
  final LongAdder allowed = new LongAdder();
  final LongAdder reported = new LongAdder();
  final LongAdder refused = new LongAdder();

  /** Let in without a name, because not all callers know yet that they are asked for it. */
  final LongAdder early = new LongAdder();

  private final Map<String, LongAdder> strangers = new ConcurrentHashMap<>();

  GovernedAccess(String name, AccessRule rule) {
    this.name = name;
    this.rule = rule;
  }

  /**
   * A call is not let in.
   *
   * @param who bounded
   */
  void denied(String who, String method, AccessMode mode) {
    boolean enforces = mode == AccessMode.ENFORCE;
    (enforces ? refused : reported).increment();
    String row = who + " -> " + method + (enforces ? ": refused" : ": reported");
    LongAdder known = strangers.get(row);
    if (known == null) {
      if (strangers.size() >= MOST_TOLD) {
        return;
      }
      LongAdder made = new LongAdder();
      LongAdder before = strangers.putIfAbsent(row, made);
      if (before == null) {
        tell(who, method, enforces);
      }
      known = before == null ? made : before;
    }
    known.increment();
  }

  private void tell(String who, String method, boolean enforces) {
    Log.warn(
        who
            + " calls "
            + method
            + ", which "
            + name
            + " does not let in ("
            + (enforces ? "mode enforce" : "mode report, so it is let in")
            + "); further calls are counted in mesh_access_total"
            + (strangers.size() < MOST_TOLD ? "" : ", and nobody else is told of by name"));
  }

  /** How many calls of whom to which method were not let in, by what became of them. */
  Map<String, Object> strangers() {
    Map<String, Object> rows = new TreeMap<>();
    strangers.forEach((row, count) -> rows.put(row, count.sum()));
    return rows;
  }
}
