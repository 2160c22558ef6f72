package io.meshagent.core.registry.etcd;

import io.meshagent.core.registry.TaskLoop;
import io.meshagent.core.registry.etcd.EtcdOperations.Answer;
import java.util.ArrayList;
import java.util.List;

/**
 * One reading of everything under a prefix, page by page, all at the revision of the first. Begun
 * on the feed's loop, and told there.
 */
final class EtcdListing {

  private static final int PAGE = 1_000;

  /** What it comes to. */
  interface Result {

    /** These are all entries that there are at the revision. */
    void listed(List<EtcdEntry> entries, long revision);

    void failed(EtcdFailure failure);
  }

  private final EtcdOperations etcd;
  private final TaskLoop loop;
  private final String prefix;
  private final Result result;
  private final List<EtcdEntry> entries = new ArrayList<>();
  private long revision;
  private boolean cancelled;

  EtcdListing(EtcdOperations etcd, TaskLoop loop, String prefix, Result result) {
    this.etcd = etcd;
    this.loop = loop;
    this.prefix = prefix;
    this.result = result;
  }

  void begin() {
    page(null);
  }

  /** Nothing is told from here on. */
  void cancel() {
    cancelled = true;
  }

  private void page(byte[] from) {
    Answer<EtcdOperations.EtcdPage> answer =
        (page, failure) -> {
          if (cancelled) {
            return;
          }
          if (failure != null) {
            result.failed(failure);
            return;
          }
          entries.addAll(page.entries());
          revision = revision == 0 ? page.revision() : revision;
          if (page.next() != null) {
            page(page.next());
          } else {
            result.listed(entries, revision);
          }
        };
    etcd.list(
        prefix,
        from,
        revision,
        PAGE,
        (page, failure) -> loop.execute(() -> answer.arrived(page, failure)));
  }
}
