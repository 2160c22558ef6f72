package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.run.TaskLoop;
import java.util.concurrent.TimeUnit;

/**
 * Whether the watch that runs now still lives: etcd is asked for a sign every few seconds. A sign
 * that is late means trouble, though the watch may go on: an etcd that stood still for a while
 * revokes the leases of living programs in its first moment. No sign for long means that the watch
 * is dead, unless the server never gave one. Confined to the mirror's loop.
 */
final class WatchPulse {

  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long STAND_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(25);

  /** So often a server that has never answered is asked. */
  private static final int MOST_UNANSWERED = 3;

  /** Told on the loop. */
  interface Watched {

    /** Etcd has not answered in time. Said once until {@link #signOfLife}. */
    void late();

    /** After {@link #late}: it has answered. */
    void signOfLife();

    /** Etcd never said that the watch stands. */
    void neverStood();

    /** Nothing came for so long that the watch is given up. */
    void silent();
  }

  private final TaskLoop loop;
  private final Watched watched;
  private final long pauseNanos;
  private final long waitNanos;

  private EtcdOperations.Stream stream;
  private TaskLoop.Timer next = TaskLoop.Timer.NONE;
  private long heardAt;
  private boolean late;

  /**
   * Very old versions do not know how to answer, nor does etcd's own grpc-proxy: nothing can be
   * said about them, but that a connection which breaks says so itself.
   */
  private boolean answers;

  /** How many questions of this watch have got no answer, one after the other. */
  private int unanswered;

  /**
   * @param ttlSeconds of leases: an etcd that stands still for two thirds of it loses living ones,
   *     so pause and wait together have to be shorter
   */
  WatchPulse(TaskLoop loop, long ttlSeconds, Watched watched) {
    this.loop = loop;
    this.watched = watched;
    this.pauseNanos = Math.min(LONGEST_PAUSE_NANOS, TimeUnit.SECONDS.toNanos(ttlSeconds) / 3);
    this.waitNanos = Math.min(LONGEST_WAIT_NANOS, pauseNanos);
  }

  void begin(EtcdOperations.Stream asked) {
    end();
    stream = asked;
    heardAt = loop.nanoTime();
    unanswered = 0;
    next = loop.after(STAND_NANOS, watched::neverStood);
  }

  /** Etcd has said that the watch stands. */
  void stands() {
    heard();
    next.cancel();
    next = loop.after(pauseNanos, this::ask);
  }

  /** Anything at all came from etcd. */
  void heard() {
    heardAt = loop.nanoTime();
    if (late) {
      late = false;
      watched.signOfLife();
    }
  }

  /** It was the answer to a question. */
  void answered() {
    answers = true;
    unanswered = 0;
    heard();
  }

  void end() {
    next.cancel();
    stream = null;
    late = false;
  }

  private void ask() {
    if (answers && loop.nanoTime() - heardAt > SILENCE_NANOS) {
      // The next watch may run on a member that does not answer: that has to be seen anew.
      answers = false;
      watched.silent();
      return;
    }
    if (!answers && unanswered == MOST_UNANSWERED) {
      return;
    }
    unanswered++;
    stream.requestProgress();
    long asked = loop.nanoTime();
    next = loop.after(waitNanos, () -> check(asked, asked + waitNanos));
  }

  private void check(long asked, long due) {
    if (loop.nanoTime() - due > waitNanos / 4) {
      // We are late ourselves: the answer may be here, and wait as this check did.
      long again = loop.nanoTime() + waitNanos;
      next = loop.after(waitNanos, () -> check(asked, again));
      return;
    }
    if (answers && !late && heardAt - asked < 0) {
      late = true;
      watched.late();
    }
    next = loop.after(Math.max(1, pauseNanos - waitNanos), this::ask);
  }
}
