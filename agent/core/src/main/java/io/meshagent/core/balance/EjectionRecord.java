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

  /** A probe that nobody has heard of again is as good as none. */
  private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final int[] good = new int[SLOTS];
  private final int[] bad = new int[SLOTS];

  /** Answers that took too long; null before the first. */
  private int[] slow;

  private long slot;

  /** How long one is; another one with other settings, which begin anew. */
  private long slotNanos = EjectionSettings.WINDOW_NANOS / SLOTS;

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

  /** How many have to succeed yet. */
  private int probesLeft;

  /** Since when and why it is left out; count only while it is. */
  private long sinceNanos;

  private String reason;

  private final String identity;

  EjectionRecord(String identity, long nowNanos) {
    this.identity = identity;
    slot = Math.floorDiv(nowNanos, slotNanos);
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
  synchronized boolean succeeded(EjectionSettings settings, long nowNanos) {
    roll(settings, nowNanos);
    good[index()]++;
    failuresInRow = 0;
    codesInRow.clear();
    if (!ejected || !isJudged(settings, nowNanos)) {
      return false;
    }
    if (--probesLeft > 0) {
      // The next one may come at once.
      probing = false;
      untilNanos = nowNanos;
      return false;
    }
    // What it did before it was ejected is no more held against it.
    Arrays.fill(bad, 0);
    slow = null;
    ejected = false;
    probing = false;
    return true;
  }

  /**
   * Whether an attempt that ends now decides. That of a probe does; and where an ejected instance
   * gets its share all the same, because that is only reported or because too many fail, any does
   * when the pause is over.
   */
  private boolean isJudged(EjectionSettings settings, long nowNanos) {
    return probing || (!settings.isByCircuits() && nowNanos - untilNanos >= 0);
  }

  /** The probe told nothing: another one may come at once. Returns whether there was one. */
  synchronized boolean release(long nowNanos) {
    if (!ejected || !probing) {
      return false;
    }
    probing = false;
    untilNanos = nowNanos;
    return true;
  }

  /** Whether it waits for a probe. */
  synchronized boolean isDue(long nowNanos) {
    return ejected && !probing && nowNanos - untilNanos >= 0;
  }

  /**
   * An attempt has failed.
   *
   * @param code how, for people
   * @return why the instance should be ejected now; null if it should not, or is
   */
  synchronized String failed(EjectionSettings settings, Code code, long nowNanos) {
    roll(settings, nowNanos);
    bad[index()]++;
    failuresInRow++;
    codesInRow.add(code);
    return judged(settings, nowNanos);
  }

  /** An answer took too long; returns as {@link #failed}. */
  synchronized String slow(EjectionSettings settings, long nowNanos) {
    roll(settings, nowNanos);
    if (slow == null) {
      slow = new int[SLOTS];
    }
    slow[index()]++;
    return judged(settings, nowNanos);
  }

  private String judged(EjectionSettings settings, long nowNanos) {
    if (ejected) {
      if (isJudged(settings, nowNanos)) {
        probing = false;
        eject(settings, reason, nowNanos);
      }
      return null;
    }
    return settings.why(
        failuresInRow, codesInRow, sum(good), sum(bad), slow == null ? 0 : sum(slow));
  }

  /** For people. */
  static String names(Set<Code> codes) {
    return codes.stream().map(Code::name).collect(Collectors.joining(", "));
  }

  /** Leaves it out for as long as the settings say, and with jitter, but for circuits. */
  synchronized void eject(EjectionSettings settings, String why, long nowNanos) {
    boolean again = pauseNanos > 0 && nowNanos - untilNanos < EjectionSettings.LONGEST_NANOS;
    pauseNanos = settings.pauseNanos(again ? pauseNanos : 0);
    probesLeft = settings.probes();
    reason = why;
    sinceNanos = ejected ? sinceNanos : nowNanos;
    double jitter =
        settings.isByCircuits() ? 1 : 0.8 + 0.4 * ThreadLocalRandom.current().nextDouble();
    untilNanos = nowNanos + (long) (pauseNanos * jitter);
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

  private void roll(EjectionSettings settings, long nowNanos) {
    if (slotNanos != settings.windowNanos() / SLOTS) {
      slotNanos = settings.windowNanos() / SLOTS;
      Arrays.fill(good, 0);
      Arrays.fill(bad, 0);
      slow = null;
      slot = Math.floorDiv(nowNanos, slotNanos);
    }
    long now = Math.floorDiv(nowNanos, slotNanos);
    long passed = Math.min(SLOTS, now - slot);
    for (long i = 0; i < passed; i++) {
      slot = now - passed + 1 + i;
      good[index()] = 0;
      bad[index()] = 0;
      if (slow != null) {
        slow[index()] = 0;
      }
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
