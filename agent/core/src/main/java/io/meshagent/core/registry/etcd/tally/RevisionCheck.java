package io.meshagent.core.registry.etcd.tally;

import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.registry.etcd.client.EtcdOperations.Reply;
import io.meshagent.core.run.TaskLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Asks etcd whether a mirror has missed anything, in place of a list: after trouble whether any of
 * what had changed last is there as it was told, so that this is the same etcd with the same past;
 * at the next time whether there were as many keys at etcd's revision as were told of until then.
 * What is under way when etcd answers gets its time to come. Confined to the mirror's loop.
 */
public final class RevisionCheck {

  /** What it comes to. Told at most once, on the loop. */
  public interface Result {

    /** Nothing was missed until the revision. */
    void confirmed(long revision);

    /**
     * This is the same etcd as before trouble, so the watch goes on where it was. It is yet to be
     * counted.
     */
    void same();

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
  private final UnaryOperator<Runnable> ifStill;

  /** Of the one that runs. */
  private Result result;

  /**
   * @param ifStill drops what comes after the mirror has gone on to something else
   */
  public RevisionCheck(
      EtcdOperations etcd,
      TaskLoop loop,
      String prefix,
      Tally tally,
      UnaryOperator<Runnable> ifStill) {
    this.etcd = etcd;
    this.loop = loop;
    this.prefix = prefix;
    this.tally = tally;
    this.ifStill = ifStill;
  }

  /** One at a time. */
  public void begin(Result told) {
    result = told;
    if (!tally.isUnsure() && !tally.isInDoubt()) {
      count();
    } else if (tally.isUnsure() || tally.proof().isEmpty()) {
      result.missed();
    } else {
      etcd.read(tally.proof(), onLoop(this::anyIsAsTold));
    }
  }

  public TaskLoop loop() {
    return loop;
  }

  /** The same, to be run later, unless the mirror does something else by then. */
  public Runnable ifStill(Runnable task) {
    return ifStill.apply(task);
  }

  private <T> Reply<T> onLoop(Consumer<T> then) {
    // Whether the mirror is still at it counts from when it asks.
    AtomicReference<Runnable> answer = new AtomicReference<>();
    Runnable told = ifStill.apply(() -> answer.get().run());
    return (value, failure) -> {
      answer.set(failure == null ? () -> then.accept(value) : () -> fail(failure));
      loop.execute(told);
    };
  }

  private void fail(EtcdFailure failure) {
    tally.endCheck();
    result.failed(failure);
  }

  private void anyIsAsTold(List<EtcdEntry> found) {
    if (found.stream().anyMatch(tally::isAsTold)) {
      tally.confirmed();
      result.same();
    } else {
      result.missed();
    }
  }

  private void count() {
    tally.beginCheck();
    etcd.listKey(prefix, null, 0, onLoop(first -> compare(first.count(), first.revision(), 0)));
  }

  private void compare(long there, long revision, int waits) {
    if (tally.isUnsure()) {
      tally.endCheck();
      result.missed();
    } else if (tally.keysAt(revision) == there) {
      tally.endCheck();
      tally.confirmed();
      result.confirmed(revision);
    } else if (waits == WAITS_NANOS.length) {
      tally.endCheck();
      result.missed();
    } else {
      TaskLoop.Timer unused =
          loop.after(WAITS_NANOS[waits], ifStill.apply(() -> compare(there, revision, waits + 1)));
    }
  }
}
