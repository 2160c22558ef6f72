package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.tally.RevisionCheck;
import io.meshagent.core.run.TaskLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Makes sure that a mirror which watches has missed nothing, one {@link RevisionCheck} at a time,
 * and says what follows from it. Confined to the mirror's loop.
 */
final class Assurance implements RevisionCheck.Result {

  /** After this time an event of an earlier revision would have come. */
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final RevisionCheck check;
  private final TaskLoop loop;
  private final WatchPulse pulse;
  private final Relists relists;
  private final Telling telling;
  private final Runnable missed;

  private LongConsumer sawAllUntil;
  private boolean checking;

  /** Whether the reader waits for a list or for what is as good. */
  private boolean wanted;

  /** When etcd last answered that it is there. */
  private long progressedAt;

  /**
   * @param missed run when everything has to be listed
   */
  Assurance(
      RevisionCheck check, WatchPulse pulse, Relists relists, Telling telling, Runnable missed) {
    this.check = check;
    this.pulse = pulse;
    this.loop = check.loop();
    this.relists = relists;
    this.telling = telling;
    this.missed = missed;
  }

  /**
   * @param saw told of a revision up to which the watch has told everything
   */
  void begin(LongConsumer saw) {
    sawAllUntil = saw;
    checking = true;
    check.begin(this);
  }

  /** What is under way says nothing any more. */
  void cancel() {
    checking = false;
  }

  /** The reader is to be told when all is known to be as a list would say. */
  void want() {
    wanted = true;
  }

  /** Does not wait for the usual time. */
  void soon() {
    if (!checking) {
      relists.planSoon();
    }
  }

  /** There was a list. */
  void listed() {
    wanted = false;
  }

  void progressed() {
    progressedAt = loop.nanoTime();
  }

  @Override
  public void confirmed(long revision) {
    checking = false;
    relists.confirmed();
    relists.planNext();
    long confirmedAt = loop.nanoTime();
    Runnable saw =
        () -> {
          if (progressedAt - confirmedAt > 0) {
            sawAllUntil.accept(revision);
          }
        };
    TaskLoop.Timer unusedQuestion = loop.after(SETTLED_NANOS / 2, check.ifStill(pulse::askNow));
    TaskLoop.Timer unused = loop.after(SETTLED_NANOS, check.ifStill(saw));
    boolean wasWanted = wanted;
    wanted = false;
    telling.confirmed(wasWanted);
  }

  @Override
  public void same() {
    checking = false;
    relists.confirmed();
    if (wanted) {
      relists.planSoon();
    } else {
      relists.planCountAfterTrouble();
    }
  }

  @Override
  public void missed() {
    checking = false;
    missed.run();
  }

  @Override
  public void failed(EtcdFailure failure) {
    checking = false;
    relists.failed();
    relists.planNext();
  }
}
