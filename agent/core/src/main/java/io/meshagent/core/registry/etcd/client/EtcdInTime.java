package io.meshagent.core.registry.etcd.client;

import io.meshagent.core.run.TaskLoop;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * An etcd each of whose answers comes in time, or is taken to be silence: whatever becomes of a
 * request on its way, of a log-in that it waits for or of an answer that nobody passed on, no
 * machine waits for ever. Gives up the connection then, too. As thread-safe as what it stands
 * before.
 */
public final class EtcdInTime implements EtcdOperations {

  /** Two log-ins and two tries, each with gRPC's own deadline, are over by then. */
  public static final int SECONDS = 6 * DEADLINE_SECONDS;

  private final EtcdOperations etcd;
  private final TaskLoop timers;

  /**
   * @param timers tells who has waited for too long
   */
  public EtcdInTime(EtcdOperations etcd, TaskLoop timers) {
    this.etcd = etcd;
    this.timers = timers;
  }

  /** The first of the answer and the end of the time is told, the other dropped. */
  private <T> void ask(Reply<T> answer, Consumer<Reply<T>> request) {
    AtomicBoolean told = new AtomicBoolean();
    TaskLoop.Timer limit =
        timers.after(
            TimeUnit.SECONDS.toNanos(SECONDS),
            () -> {
              if (told.compareAndSet(false, true)) {
                try {
                  etcd.reconnect();
                } finally {
                  answer.arrived(
                      null, new EtcdFailure(EtcdFailure.Kind.SILENT, "a request was not answered"));
                }
              }
            });
    boolean sent = false;
    try {
      request.accept(
          (value, failure) -> {
            if (told.compareAndSet(false, true)) {
              limit.cancel();
              answer.arrived(value, failure);
            }
          });
      sent = true;
    } finally {
      if (!sent) {
        told.set(true);
        limit.cancel();
      }
    }
  }

  @Override
  public void grant(long ttlSeconds, Reply<EtcdLease> answer) {
    ask(answer, to -> etcd.grant(ttlSeconds, to));
  }

  @Override
  public void renew(long lease, Reply<Long> answer) {
    ask(answer, to -> etcd.renew(lease, to));
  }

  @Override
  public void revoke(long lease, Reply<Boolean> answer) {
    ask(answer, to -> etcd.revoke(lease, to));
  }

  @Override
  public void put(
      String key, String value, long lease, long seenRevision, Reply<EtcdEntry> answer) {
    ask(answer, to -> etcd.put(key, value, lease, seenRevision, to));
  }

  @Override
  public void delete(String key, long seenRevision, Reply<EtcdEntry> answer) {
    ask(answer, to -> etcd.delete(key, seenRevision, to));
  }

  @Override
  public void read(Collection<String> keys, Reply<List<EtcdEntry>> answer) {
    ask(answer, to -> etcd.read(keys, to));
  }

  @Override
  public void list(
      String prefix, byte[] from, long revision, int limit, Reply<RangeResult> answer) {
    ask(answer, to -> etcd.list(prefix, from, revision, limit, to));
  }

  @Override
  public void listKey(String prefix, byte[] from, long revision, Reply<RangeResult> answer) {
    ask(answer, to -> etcd.listKey(prefix, from, revision, to));
  }

  /** Bounded by the pulse of its mirror. */
  @Override
  public Stream watch(String prefix, long fromRevision, Watcher watcher) {
    return etcd.watch(prefix, fromRevision, watcher);
  }

  @Override
  public void reconnect() {
    etcd.reconnect();
  }

  @Override
  public void close() {
    etcd.close();
  }
}
