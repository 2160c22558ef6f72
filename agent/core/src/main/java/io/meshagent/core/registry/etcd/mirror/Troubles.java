package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.run.Backoff;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * What has gone wrong since a mirror was well: who is told of it, and when the next try is due.
 * Confined to the mirror's loop.
 */
final class Troubles {

  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final int members;
  private final MirrorReader reader;
  private final Telling telling;
  private final Relists relists;
  private final MirrorRecord record;
  private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());

  private boolean listedOnce;
  private boolean listedSince;
  private int failures;
  private int compactionsInARow;

  /**
   * @param members how many endpoints there are: trouble with one of several is none yet
   */
  Troubles(
      int members, MirrorReader reader, Telling telling, Relists relists, MirrorRecord record) {
    this.members = members;
    this.reader = reader;
    this.telling = telling;
    this.relists = relists;
    this.record = record;
  }

  /** Etcd said anything at all. */
  void heard() {
    record.heard();
    backoff.reset();
  }

  /** Everything was listed. */
  void listed() {
    record.listed(listedOnce);
    relists.listed();
    listedOnce = true;
    listedSince = true;
  }

  /** Whether a try has failed since a watch stood last. */
  boolean any() {
    return failures > 0;
  }

  /** Whether there was a list since the last try that failed. */
  boolean listedSince() {
    return listedSince;
  }

  /** A watch stands. */
  void end() {
    failures = 0;
    compactionsInARow = 0;
  }

  /**
   * A try has failed.
   *
   * @param ofList whether it was to list, and not to watch
   * @return how long to wait until the next
   */
  long nextTryIn(EtcdFailure failure, boolean ofList) {
    failures++;
    listedSince = false;
    boolean compacted = failure.kind() == EtcdFailure.Kind.COMPACTED;
    boolean nextMember = failure.isTransport() && failures < members;
    if (ofList) {
      listFailed(failure, compacted);
    }
    if (compacted) {
      record.compacted();
      compactionsInARow++;
    } else if (!nextMember) {
      reader.troubled(failure.why());
      sayIfItLasts(failure);
    }
    // Etcd answers, so a list will do; but lists must not chase compactions.
    boolean now = nextMember || (compacted && compactionsInARow == 1);
    return now ? 0 : backoff.nextNanos(failure.longestWaitNanos());
  }

  private void listFailed(EtcdFailure failure, boolean compacted) {
    record.listFailed();
    if (!compacted) {
      relists.failed();
    }
    if (relists.keepFailing() || !(compacted || failure.isTransport())) {
      telling.listFailed(failure.why());
    }
  }

  /**
   * A watch that is back with the next try is no trouble, nor is a first answer that takes long: a
   * busy machine can need seconds for the first connection of a JVM.
   */
  private void sayIfItLasts(EtcdFailure failure) {
    boolean again = failures > 1 || relists.keepFailing();
    if (again || (!listedOnce && failure.kind() != EtcdFailure.Kind.SILENT)) {
      reader.failing(failure);
    }
  }

  /** The same after a step that was left halfway. */
  long nextTryIn() {
    return backoff.nextNanos(LONGEST_WAIT_NANOS);
  }
}
