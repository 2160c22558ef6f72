package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.registry.etcd.tally.Tally;
import io.meshagent.core.run.TaskLoop;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * When a mirror that watches looks whether it has missed anything: every five minutes, soon after
 * trouble, and less and less often while that fails; and whether it lists everything then or asks
 * for less (ADR 52). Always sooner by a random part, so that not all programs ask in the same
 * moment. As many programs read a large directory, waits are the longer the larger it is. Confined
 * to the mirror's loop.
 */
final class Relists {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long USUAL_NANOS = 300 * SECOND;
  private static final long AFTER_TROUBLE_NANOS = 10 * SECOND;

  /** Which entry is to take the place of one that went, only a list can tell. */
  private static final long WITH_ROOM_NANOS = 30 * SECOND;

  /** A list of no more than this costs hardly more than the questions in its place. */
  private static final long SMALL_BYTES = 4_096;

  /** What lists without a cause may take of the wire, on the average. */
  private static final long BYTES_A_SECOND = 20;

  /** What lists may take of it where entries are left out for want of room. */
  private static final long BYTES_A_SECOND_WITH_ROOM = 10_000;

  /** What lists of all programs together may ask of etcd, if each has one entry. */
  private static final long BYTES_A_SECOND_OF_ALL = 100_000_000;

  /** How many questions of all programs together etcd may be asked, if each has one entry. */
  private static final long CHECKS_A_SECOND_OF_ALL = 200;

  private static final long LONGEST_AFTER_TROUBLE_NANOS = 60 * SECOND;

  private final TaskLoop loop;
  private final Tally tally;
  private final Supplier<Runnable> list;
  private TaskLoop.Timer next = TaskLoop.Timer.NONE;
  private long nextAt;
  private long listedAt;

  /** How many lists have failed, one after the other, since the last that did not. */
  private int failed;

  /**
   * @param list how to begin to look, if the mirror still watches then as it does now
   */
  Relists(TaskLoop loop, Tally tally, Supplier<Runnable> list) {
    this.loop = loop;
    this.tally = tally;
    this.list = list;
  }

  void listed() {
    failed = 0;
    listedAt = loop.nanoTime();
  }

  /** Nothing was missed. */
  void confirmed() {
    failed = 0;
  }

  /** Whether a list is due, and not only the question whether one is needed. */
  boolean isListDue() {
    return isSmall() || loop.nanoTime() - listedAt >= seconds(BYTES_A_SECOND);
  }

  private boolean isSmall() {
    return tally.listedBytes() <= SMALL_BYTES;
  }

  /** How long a list takes that may have so many bytes a second. */
  private long seconds(long bytesASecond) {
    return tally.listedBytes() * SECOND / bytesASecond;
  }

  /**
   * How late a list may be for which all programs have the same cause: as long as lists take, one
   * for each entry.
   */
  private long spread() {
    // What others wrote is bounded, by 1.5 MB an entry, but not to what a product can hold.
    long milliseconds =
        tally.listedBytes() / 1_000 * tally.keys() / (BYTES_A_SECOND_OF_ALL / 1_000_000);
    return Math.min(USUAL_NANOS, TimeUnit.MILLISECONDS.toNanos(milliseconds));
  }

  /** Whether a list that is needed is to be planned, and not begun at once. */
  boolean mayBeLate() {
    return spread() > SECOND;
  }

  void failed() {
    failed++;
  }

  /** Whether it was more than a single one: then the watch that stands proves little. */
  boolean keepFailing() {
    return failed > 1;
  }

  void planNext() {
    planNext(false);
  }

  /**
   * @param listNeeded whether it is to be a list, for which there is a cause
   */
  void planNext(boolean listNeeded) {
    if (listNeeded && !keepFailing()) {
      planLate();
    } else if (keepFailing()) {
      in(Math.min(AFTER_TROUBLE_NANOS << Math.min(failed - 1, 5), USUAL_NANOS), 0.5);
    } else {
      in(USUAL_NANOS, 0.2);
    }
  }

  void planAfterTrouble() {
    long more = isSmall() ? 0 : tally.keys() * SECOND / CHECKS_A_SECOND_OF_ALL;
    in(Math.min(AFTER_TROUBLE_NANOS + more, LONGEST_AFTER_TROUBLE_NANOS), 0.8);
  }

  /** It is the same etcd: to count what is there has time, for counting takes etcd the most. */
  void planCountAfterTrouble() {
    in(isSmall() ? 0 : USUAL_NANOS, 0.8);
  }

  /** A list is needed, and there are many who need it. */
  void planLate() {
    in(spread(), 1);
  }

  /** Somebody wants to know. */
  void planSoon() {
    long all = isSmall() ? 0 : tally.keys() * SECOND / CHECKS_A_SECOND_OF_ALL;
    in(Math.min(all, LONGEST_AFTER_TROUBLE_NANOS), 1);
  }

  /** An entry went where others are left out. */
  void planWithRoom() {
    long wait = Math.max(WITH_ROOM_NANOS, seconds(BYTES_A_SECOND_WITH_ROOM));
    if (nextAt - loop.nanoTime() > wait) {
      in(wait, 0.5);
    }
  }

  private void in(long nanos, double randomPart) {
    next.cancel();
    long wait = (long) (nanos * (1 - randomPart * ThreadLocalRandom.current().nextDouble()));
    nextAt = loop.nanoTime() + wait;
    next = loop.after(wait, list.get());
  }

  void cancel() {
    next.cancel();
  }
}
