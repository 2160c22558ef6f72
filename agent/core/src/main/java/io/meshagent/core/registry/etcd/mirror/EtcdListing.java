package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.registry.etcd.client.EtcdOperations.RangeResult;
import io.meshagent.core.registry.etcd.client.EtcdOperations.Reply;
import io.meshagent.core.run.TaskLoop;

/**
 * One reading of everything under a prefix, page by page, all at the revision of the first. Begun
 * on the mirror's loop, and told there. No page is kept: what becomes of its entries is decided
 * before the next one is asked for, so that what anybody wrote is never in memory as a whole.
 */
final class EtcdListing {

  /** What it comes to. */
  interface Result {

    /** Some more of the entries that there are. */
    void page(RangeResult page);

    /** These were all at the revision. */
    void listed(long revision);

    void failed(EtcdFailure failure);
  }

  private final EtcdOperations etcd;
  private final TaskLoop loop;
  private final String prefix;
  private final RangeLimit size;
  private final Result result;
  private long revision;
  private boolean cancelled;

  EtcdListing(EtcdOperations etcd, TaskLoop loop, String prefix, RangeLimit size, Result result) {
    this.etcd = etcd;
    this.loop = loop;
    this.prefix = prefix;
    this.size = size;
    this.result = result;
  }

  void begin() {
    size.begin();
    page(null);
  }

  /** Nothing is told from here on. */
  void cancel() {
    cancelled = true;
  }

  private void page(byte[] from) {
    etcd.list(
        prefix,
        from,
        revision,
        size.entries(),
        onLoop((page, failure) -> page(from, page, failure)));
  }

  private void page(byte[] from, RangeResult page, EtcdFailure failure) {
    boolean tooLarge = failure != null && failure.kind() == EtcdFailure.Kind.TOO_LARGE;
    if (!tooLarge) {
      if (failure == null) {
        size.fitted(page.bytes());
      } else if (failure.kind() == EtcdFailure.Kind.SILENT) {
        // It may have been too much for the time there is: the next list asks for less.
        boolean unused = size.halve();
      }
      take(page, failure);
    } else if (size.halve()) {
      page(from);
    } else {
      etcd.listKey(prefix, from, revision, onLoop(this::take));
    }
  }

  private void take(RangeResult page, EtcdFailure failure) {
    if (failure != null) {
      result.failed(failure);
      return;
    }
    result.page(page);
    revision = revision == 0 ? page.revision() : revision;
    if (page.next() != null) {
      page(page.next());
    } else {
      result.listed(revision);
    }
  }

  private Reply<RangeResult> onLoop(Reply<RangeResult> answer) {
    return (page, failure) ->
        loop.execute(
            () -> {
              if (!cancelled) {
                answer.arrived(page, failure);
              }
            });
  }
}
