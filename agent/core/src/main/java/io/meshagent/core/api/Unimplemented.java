package io.meshagent.core.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The instances that say UNIMPLEMENTED to one method, though they are registered for its service: a
 * key outlives a service, or an old version does not know the method yet. Each is left out for a
 * second, then one call asks it again, and each time that it says the same the pause is twice as
 * long, up to 20 s. The picker leaves them out only while there are others.
 *
 * <p>Some programs answer so to certain requests only. An instance that answers a call which asks
 * again is not left out any more, and for a minute not again either.
 *
 * <p>An instance is told by its identity: the directory makes another one when the registry tells
 * something new of it, and of that nothing is known here. Thread-safe; for the calls of all
 * channels; nothing is locked but to take in an answer.
 */
public final class Unimplemented {

  /** What an instance gets in this moment. */
  public enum Turn {
    /** Calls, as ever. */
    CALLS,
    /** No calls. */
    NOTHING,
    /** This one call, whose end has to be told if it is an answer. */
    QUESTION
  }

  static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
  static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** By then it is worth a line: it has said so four times, the last after four seconds. */
  static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(8);

  static final long KNOWN_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Every pick looks through them. */
  private static final int MOST = 32;

  private static final Mark[] NONE = {};

  /** Those that are left out, or are due. Volatile: replaced under the lock, read by each pick. */
  private volatile Mark[] marks = NONE;

  /** Those that answered when they were asked again, and until when that counts. Under the lock. */
  private final List<Mark> known = new ArrayList<>();

  public Unimplemented() {}

  /** Whether there is any instance that it matters for. */
  public boolean isAny() {
    return marks.length > 0;
  }

  /**
   * What the instance gets. A question is given to one caller, and to the next one when its answer
   * is overdue.
   */
  public Turn turn(Instance instance, long nowNanos) {
    Mark mark = find(marks, instance);
    if (mark == null) {
      return Turn.CALLS;
    }
    long until = mark.until.get();
    if (nowNanos - until < 0) {
      return Turn.NOTHING;
    }
    long pause = Math.min(2 * mark.pauseNanos, LONGEST_NANOS);
    if (!mark.until.compareAndSet(until, nowNanos + pause)) {
      return Turn.NOTHING;
    }
    mark.pauseNanos = pause;
    return Turn.QUESTION;
  }

  /**
   * The instance said UNIMPLEMENTED.
   *
   * @param instances how many there are in all
   * @return whether it has said nothing else for a while, and others are well
   */
  public synchronized boolean saidBy(Instance instance, int instances, long nowNanos) {
    Mark mark = find(marks, instance);
    if (mark != null) {
      return mark.pauseNanos >= TOLD_NANOS && marks.length < instances;
    }
    known.removeIf(some -> nowNanos - some.until.get() >= 0);
    boolean isKnown = known.stream().anyMatch(some -> some.isOf(instance));
    if (!isKnown) {
      marks = with(new Mark(instance, nowNanos + FIRST_NANOS), nowNanos);
    }
    return false;
  }

  /**
   * Lets go of instances that nobody has asked for long: the first call after its time asks one
   * that is there. What is known of nobody costs the picks nothing.
   *
   * @param there those that calls may go to now; of these nothing is forgotten
   */
  public void forgetGone(Instance[] there, long nowNanos) {
    for (Mark mark : marks) {
      if (mark.isLongOver(nowNanos) && !mark.isOfAny(there)) {
        drop(mark);
      }
    }
  }

  private synchronized void drop(Mark gone) {
    List<Mark> next = new ArrayList<>(Arrays.asList(marks));
    next.remove(gone);
    marks = next.toArray(NONE);
  }

  /** The marks of instances that still get asked, and one more. */
  private Mark[] with(Mark added, long nowNanos) {
    List<Mark> next = new ArrayList<>();
    for (Mark mark : marks) {
      if (!mark.isLongOver(nowNanos)) {
        next.add(mark);
      }
    }
    if (next.size() < MOST) {
      next.add(added);
    }
    return next.toArray(NONE);
  }

  /** The instance answered the question with something else: it knows the method. Any thread. */
  public synchronized void answeredBy(Instance instance, long nowNanos) {
    List<Mark> next = new ArrayList<>();
    for (Mark mark : marks) {
      if (!mark.isOf(instance)) {
        next.add(mark);
      }
    }
    if (next.size() == marks.length) {
      return;
    }
    marks = next.toArray(NONE);
    if (known.size() < MOST) {
      known.add(new Mark(instance, nowNanos + KNOWN_NANOS));
    }
  }

  private static Mark find(Mark[] among, Instance instance) {
    for (Mark mark : among) {
      if (mark.isOf(instance)) {
        return mark;
      }
    }
    return null;
  }

  private static final class Mark {
    final Instance instance;
    final AtomicLong until;

    /** Volatile: written by the caller who got the question. */
    volatile long pauseNanos = FIRST_NANOS;

    Mark(Instance instance, long until) {
      this.instance = instance;
      this.until = new AtomicLong(until);
    }

    /** An instance that is still there was asked by the first call after its time. */
    boolean isLongOver(long nowNanos) {
      return nowNanos - until.get() >= KNOWN_NANOS;
    }

    boolean isOfAny(Instance[] some) {
      for (Instance each : some) {
        if (isOf(each)) {
          return true;
        }
      }
      return false;
    }

    @SuppressWarnings("ReferenceEquality") // An equal one may have been registered anew.
    boolean isOf(Instance other) {
      return instance == other;
    }
  }
}
