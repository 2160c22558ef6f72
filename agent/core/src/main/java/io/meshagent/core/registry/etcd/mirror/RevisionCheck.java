package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.run.TaskLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks etcd whether a mirror has missed anything, in place of a list: whether what changed last is
 * there as it was told, so that this is the same etcd with the same past, and whether there were as
 * many keys at etcd's revision as were told of until then. What is under way when etcd answers gets
 * its time to come. Confined to the mirror's loop.
 */
final class RevisionCheck {

  /** What it comes to. Told at most once, on the loop. */
  interface Result {

    /** Nothing was missed until the revision. */
    void confirmed(long revision);

    /** Something was, or may have been. */
    void missed();

    /** Etcd did not answer. */
    void failed(EtcdFailure failure);
  }

  /** After these waits it is counted again: some ten seconds for what is under way. */
  private static final long[] WAITS_NANOS = {
    TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(3), TimeUnit.SECONDS.toNanos(6)
  };

  private final EtcdOperations etcd;
  private final TaskLoop loop;
  private final String prefix;
  private final Tally tally;
  private final Supplier<Boolean> isPresent;
  private final Result result;
  private final long cursor;

  /**
   * @param isPresent whether the mirror still does what it did when this began
   */
  RevisionCheck(
      EtcdOperations etcd,
      TaskLoop loop,
      String prefix,
      Tally tally,
      long cursor,
      Supplier<Boolean> isPresent,
      Result result) {
    this.etcd = etcd;
    this.loop = loop;
    this.prefix = prefix;
    this.tally = tally;
    this.cursor = cursor;
    this.isPresent = isPresent;
    this.result = result;
  }

  /**
   * @param samePast whether it is to be proved that etcd has not lost what it had
   */
  void begin(boolean samePast) {
    if (tally.isUnsure()) {
      result.missed();
    } else if (!samePast || (tally.keys() == 0 && cursor == 0)) {
      count();
    } else if (tally.newest().isEmpty()) {
      result.missed();
    } else {
      etcd.read(
          tally.newest(),
          (found, failure) -> onLoop(failure, () -> anyIsAsTold(found), result::failed));
    }
  }

  private void onLoop(
      EtcdFailure failure, Runnable then, java.util.function.Consumer<EtcdFailure> otherwise) {
    loop.execute(
        () -> {
          if (isPresent.get()) {
            if (failure == null) {
              then.run();
            } else {
              otherwise.accept(failure);
            }
          }
        });
  }

  private void anyIsAsTold(List<EtcdEntry> found) {
    if (found.stream().anyMatch(tally::isAsTold)) {
      count();
    } else {
      result.missed();
    }
  }

  private void count() {
    tally.beginCheck();
    etcd.listKey(
        prefix,
        null,
        0,
        (page, failure) ->
            onLoop(
                failure,
                () -> compare(page.count(), page.revision(), 0),
                why -> {
                  tally.endCheck();
                  result.failed(why);
                }));
  }

  private void compare(long there, long revision, int waits) {
    if (tally.isUnsure()) {
      tally.endCheck();
      result.missed();
    } else if (tally.keysAt(revision) == there) {
      tally.endCheck();
      result.confirmed(revision);
    } else if (waits == WAITS_NANOS.length) {
      tally.endCheck();
      result.missed();
    } else {
      TaskLoop.Timer unused =
          loop.after(
              WAITS_NANOS[waits],
              () -> {
                if (isPresent.get()) {
                  compare(there, revision, waits + 1);
                }
              });
    }
  }
}
