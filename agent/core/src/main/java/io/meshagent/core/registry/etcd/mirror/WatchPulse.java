package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.registry.etcd.client.SignsOfLife;
import io.meshagent.core.run.TaskLoop;
import java.util.concurrent.TimeUnit;

/**
 * Whether etcd and the watch that runs now still live. Etcd has to have answered something every
 * few seconds, a renewal of the lease or a question of another watch: where nothing else has, it is
 * asked. A sign that is late means trouble, though the watch may go on: an etcd that stood still
 * for a while revokes the leases of living programs in its first moment. The watch itself is asked
 * less often; no sign from it for long means that it is dead, unless the server never gave one.
 * Confined to the mirror's loop.
 */
final class WatchPulse {

  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long STAND_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Since it was asked first. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** A watch that has said nothing for so long is asked, whoever else hears of etcd. */
  private static final long OWN_NANOS = TimeUnit.SECONDS.toNanos(20);

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
  private final SignsOfLife signs;
  private final Watched watched;
  private final long pauseNanos;
  private final long waitNanos;

  private EtcdOperations.Stream stream;
  private TaskLoop.Timer next = TaskLoop.Timer.NONE;
  private long heardAt;
  private long askedAt;

  /** When the first question was put that has got no answer yet. */
  private long askingSince;

  private boolean late;

  /**
   * Very old versions do not know how to answer, nor does etcd's own grpc-proxy: nothing can be
   * said about them, but that a connection which breaks says so itself.
   */
  private boolean answers;

  /** How many questions of this watch have got no answer, one after the other. */
  private int unanswered;

  /**
   * @param source an etcd that stands still for two thirds of the time of its leases loses living
   *     ones, so pause and wait together have to be shorter
   */
  WatchPulse(TaskLoop loop, MirroredEtcd source, Watched watched) {
    this.loop = loop;
    this.signs = source.signs();
    this.watched = watched;
    long ttlNanos = TimeUnit.SECONDS.toNanos(source.ttlSeconds());
    this.pauseNanos = Math.min(LONGEST_PAUSE_NANOS, ttlNanos / 3);
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
    signs.answered(askedAt);
    heard();
  }

  void end() {
    next.cancel();
    stream = null;
    late = false;
  }

  /** A sign of the watch itself is wanted, if it gives any. */
  void askNow() {
    if (stream != null && answers) {
      next.cancel();
      question();
    }
  }

  private void ask() {
    if (answers && unanswered > 0 && sinceAskedOrHeard() > SILENCE_NANOS) {
      // The next watch may run on a member that does not answer: that has to be seen anew.
      answers = false;
      watched.silent();
      return;
    }
    if (!answers && unanswered == MOST_UNANSWERED) {
      return;
    }
    long heardOfEtcd = signs.ageNanos(loop.nanoTime());
    if (answers && !late && heardOfEtcd < pauseNanos && loop.nanoTime() - heardAt < OWN_NANOS) {
      next = loop.after(pauseNanos - heardOfEtcd, this::ask);
      return;
    }
    question();
  }

  private long sinceAskedOrHeard() {
    return loop.nanoTime() - (heardAt - askingSince > 0 ? heardAt : askingSince);
  }

  private void question() {
    askedAt = loop.nanoTime();
    if (unanswered == 0) {
      askingSince = askedAt;
    }
    unanswered++;
    stream.requestProgress();
    long asked = askedAt;
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
