package io.meshagent.core.balance;

import io.meshagent.core.api.Code;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * How one instance stands with ejection: what its attempts ended with lately, and whether it is
 * left out. Guarded by its own lock, which nothing else is done under; {@link #turn} takes it for a
 * probe only.
 */
final class EjectionRecord {

  /** What an instance gets in this moment. */
  enum Turn {
    /** Attempts, as ever. */
    ATTEMPTS,
    /** None. */
    NOTHING,
    /** This one attempt, by which it is judged. */
    PROBE
  }

  private static final int SLOTS = 10;
  private static final long SLOT_NANOS = EjectionSettings.WINDOW_NANOS / SLOTS;

  /** A probe that nobody has heard of again is as good as none. */
  private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final int[] good = new int[SLOTS];
  private final int[] bad = new int[SLOTS];
  private long slot;
  private int failuresInRow;

  /** How those ended. */
  private final Set<Code> codesInRow = EnumSet.noneOf(Code.class);

  private long pauseNanos;

  /** Volatile: read by each pick. Whether it is left out. */
  private volatile boolean ejected;

  /**
   * Until then it gets nothing; while a probe is under way, until that is given up. Volatile: picks
   * look at it without the lock that it is changed under.
   */
  private volatile long untilNanos;

  private boolean probing;

  /** Since when and why it is left out; count only while it is. */
  private long sinceNanos;

  private String reason;

  private final String identity;

  EjectionRecord(String identity, long nowNanos) {
    this.identity = identity;
    slot = Math.floorDiv(nowNanos, SLOT_NANOS);
  }

  String identity() {
    return identity;
  }

  boolean isEjected() {
    return ejected;
  }

  /** Why it is left out, for people; null if it is not. */
  synchronized String reason() {
    return ejected ? reason : null;
  }

  /** What the instance gets; a probe is given to one caller at a time. */
  Turn turn(long nowNanos) {
    if (!ejected) {
      return Turn.ATTEMPTS;
    }
    if (nowNanos - untilNanos < 0) {
      return Turn.NOTHING;
    }
    synchronized (this) {
      if (!ejected) {
        return Turn.ATTEMPTS;
      }
      if (nowNanos - untilNanos < 0) {
        return Turn.NOTHING;
      }
      probing = true;
      untilNanos = nowNanos + PROBE_NANOS;
      return Turn.PROBE;
    }
  }

  /**
   * An attempt has succeeded.
   *
   * @return whether the instance is back by that
   */
  synchronized boolean succeeded(long nowNanos) {
    roll(nowNanos);
    good[index()]++;
    failuresInRow = 0;
    codesInRow.clear();
    if (!ejected || !isJudged(nowNanos)) {
      return false;
    }
    // What it did before it was ejected is no more held against it.
    Arrays.fill(bad, 0);
    ejected = false;
    probing = false;
    return true;
  }

  /**
   * Whether an attempt that ends now decides. That of a probe does; and where an ejected instance
   * gets its share all the same, because that is only reported or because too many fail, any does
   * when the pause is over.
   */
  private boolean isJudged(long nowNanos) {
    return probing || nowNanos - untilNanos >= 0;
  }

  /**
   * An attempt has failed.
   *
   * @param code how, for people
   * @return why the instance should be ejected now; null if it should not, or is
   */
  synchronized String failed(EjectionSettings settings, Code code, long nowNanos) {
    roll(nowNanos);
    bad[index()]++;
    failuresInRow++;
    codesInRow.add(code);
    if (ejected) {
      if (isJudged(nowNanos)) {
        probing = false;
        eject(reason, nowNanos);
      }
      return null;
    }
    if (failuresInRow >= settings.failures()) {
      return failuresInRow + " failures in a row: " + names(codesInRow);
    }
    int all = sum(good) + sum(bad);
    int rate = all == 0 ? 100 : 100 * sum(good) / all;
    return all >= EjectionSettings.FEWEST && rate < settings.successRate()
        ? rate + " % of " + all + " calls succeeded"
        : null;
  }

  private static String names(Set<Code> codes) {
    return codes.stream().map(Code::name).collect(Collectors.joining(", "));
  }

  /** Leaves it out, each time for twice as long, and with jitter. */
  synchronized void eject(String why, long nowNanos) {
    boolean again = pauseNanos > 0 && nowNanos - untilNanos < EjectionSettings.LONGEST_NANOS;
    pauseNanos =
        again
            ? Math.min(2 * pauseNanos, EjectionSettings.LONGEST_NANOS)
            : EjectionSettings.FIRST_NANOS;
    reason = why;
    sinceNanos = ejected ? sinceNanos : nowNanos;
    untilNanos =
        nowNanos + (long) (pauseNanos * (0.8 + 0.4 * ThreadLocalRandom.current().nextDouble()));
    ejected = true;
  }

  /** When it may be probed, on the clock of calls; counts only while it is ejected. */
  synchronized long untilNanos() {
    return untilNanos;
  }

  /** For people: why it is left out, since when, and when it is tried next; null if it is not. */
  synchronized Map<String, Object> facts(long nowNanos) {
    if (!ejected) {
      return null;
    }
    Instant now = Instant.now();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("because", reason);
    facts.put("since", moment(now.plusNanos(sinceNanos - nowNanos)));
    facts.put("next probe", probing ? "under way" : moment(now.plusNanos(untilNanos - nowNanos)));
    return facts;
  }

  private static String moment(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private int index() {
    return (int) Math.floorMod(slot, (long) SLOTS);
  }

  private void roll(long nowNanos) {
    long now = Math.floorDiv(nowNanos, SLOT_NANOS);
    long passed = Math.min(SLOTS, now - slot);
    for (long i = 0; i < passed; i++) {
      slot = now - passed + 1 + i;
      good[index()] = 0;
      bad[index()] = 0;
    }
    slot = Math.max(slot, now);
  }

  private static int sum(int[] counts) {
    int sum = 0;
    for (int count : counts) {
      sum += count;
    }
    return sum;
  }
}
