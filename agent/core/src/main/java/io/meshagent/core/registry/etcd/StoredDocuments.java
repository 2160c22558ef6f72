package io.meshagent.core.registry.etcd;

import io.meshagent.core.registry.Registry.WrittenDocument;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdInTime;
import io.meshagent.core.registry.etcd.client.EtcdOperations;
import io.meshagent.core.registry.etcd.client.EtcdOperations.RangeResult;
import io.meshagent.core.registry.etcd.client.EtcdOperations.Reply;
import io.meshagent.core.registry.etcd.client.EtcdTrouble;
import io.meshagent.core.registry.etcd.client.NamespacedEtcd;
import io.meshagent.core.registry.etcd.connection.EtcdClient;
import io.meshagent.core.run.TaskLoop;
import io.meshagent.core.run.ThreadLoop;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * The documents in etcd and what programs report of them, for a person who waits: each method
 * blocks until etcd has answered, for half a minute at most. For one thread, and none of a
 * program's.
 */
public final class StoredDocuments implements AutoCloseable {

  /** Of 64 KiB each they fit into one answer. */
  private static final int PAGE = 16;

  private final EtcdOperations etcd;
  private final TaskLoop loop = ThreadLoop.named("timer");
  private final String prefix;

  /**
   * @param prefix of documents and reports, without a slash at the end
   */
  public StoredDocuments(EtcdSettings settings, String prefix) {
    this.etcd =
        new EtcdInTime(NamespacedEtcd.of(new EtcdClient(settings), settings.namespace()), loop);
    this.prefix = prefix;
  }

  /** Where the documents are. */
  public String folder() {
    return prefix + "/policies/";
  }

  /** All documents by name. */
  public Map<String, WrittenDocument> documents() throws EtcdUnavailable {
    Map<String, WrittenDocument> documents = new TreeMap<>();
    list(folder(), (name, entry) -> documents.put(name, written(entry)));
    return documents;
  }

  /** One of them; null if there is none of the name. */
  public WrittenDocument document(String name) throws EtcdUnavailable {
    List<EtcdEntry> found = answer(to -> etcd.read(Collections.singletonList(folder() + name), to));
    return found.isEmpty() ? null : written(found.get(0));
  }

  /**
   * The document as it was until a revision made it another one; null if there was none.
   *
   * @throws EtcdUnavailable also if etcd has forgotten it: it keeps what was until it is compacted
   */
  public WrittenDocument before(String name, long revision) throws EtcdUnavailable {
    String key = folder() + name;
    // Of all keys that begin so it is the first itself.
    Outcome<RangeResult> then = ask(to -> etcd.list(key, null, revision - 1, 1, to));
    if (then.isCompacted()) {
      throw new EtcdUnavailable(
          "etcd has been compacted, and no longer knows what was before revision " + revision);
    }
    List<EtcdEntry> found = then.get().entries();
    return found.isEmpty() || !found.get(0).key().equals(key) ? null : written(found.get(0));
  }

  private static WrittenDocument written(EtcdEntry entry) {
    return new WrittenDocument(entry.revision(), entry.isTooLong() ? null : entry.value());
  }

  /** What each program says, by its id. */
  public Map<String, String> reports() throws EtcdUnavailable {
    Map<String, String> reports = new TreeMap<>();
    list(
        prefix + "/agents/",
        (id, entry) -> {
          // What stands deeper is of something else.
          if (id.indexOf('/') < 0) {
            reports.put(id, entry.value());
          }
        });
    return reports;
  }

  /**
   * Writes a document if nobody wrote it meanwhile.
   *
   * @param seenRevision of the one that is replaced; 0 if there is none
   * @return whether that is done
   */
  public boolean put(String name, String text, long seenRevision) throws EtcdUnavailable {
    return answer((Reply<EtcdEntry> to) -> etcd.put(folder() + name, text, 0, seenRevision, to))
        == null;
  }

  /** Deletes one if nobody wrote it meanwhile, and says whether that is done. */
  public boolean delete(String name, long seenRevision) throws EtcdUnavailable {
    return answer((Reply<EtcdEntry> to) -> etcd.delete(folder() + name, seenRevision, to)) == null;
  }

  private interface Found {
    void take(String name, EtcdEntry entry);
  }

  private void list(String folder, Found found) throws EtcdUnavailable {
    byte[] from = null;
    long revision = 0;
    do {
      RangeResult page = page(folder, from, revision);
      for (EtcdEntry entry : page.entries()) {
        if (entry.key().startsWith(folder)) {
          found.take(entry.key().substring(folder.length()), entry);
        }
      }
      revision = revision == 0 ? page.revision() : revision;
      from = page.next();
    } while (from != null);
  }

  private RangeResult page(String folder, byte[] from, long revision) throws EtcdUnavailable {
    Outcome<RangeResult> page = ask(to -> etcd.list(folder, from, revision, PAGE, to));
    if (page.isTooLarge()) {
      page = ask(to -> etcd.list(folder, from, revision, 1, to));
    }
    if (page.isTooLarge()) {
      page = ask(to -> etcd.listKey(folder, from, revision, to));
    }
    return page.get();
  }

  private <T> T answer(Consumer<Reply<T>> request) throws EtcdUnavailable {
    return ask(request).get();
  }

  private <T> Outcome<T> ask(Consumer<Reply<T>> request) throws EtcdUnavailable {
    CompletableFuture<Outcome<T>> answered = new CompletableFuture<>();
    request.accept((value, failure) -> answered.complete(new Outcome<>(value, failure)));
    try {
      return answered.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EtcdUnavailable("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What came of a request. */
  private static final class Outcome<T> {
    private final T value;
    private final EtcdFailure failure;

    Outcome(T value, EtcdFailure failure) {
      this.value = value;
      this.failure = failure;
    }

    boolean isTooLarge() {
      return failure != null && failure.kind() == EtcdFailure.Kind.TOO_LARGE;
    }

    boolean isCompacted() {
      return failure != null && failure.kind() == EtcdFailure.Kind.COMPACTED;
    }

    T get() throws EtcdUnavailable {
      if (failure != null) {
        throw new EtcdUnavailable(failure.why() + remedy(failure.kind()));
      }
      return value;
    }

    private static String remedy(EtcdFailure.Kind kind) {
      return kind == EtcdFailure.Kind.REFUSED
          ? "; give etcd.user the right to read and write there"
          : EtcdTrouble.remedy(kind);
    }
  }

  @Override
  public void close() {
    etcd.close();
    loop.close();
  }
}
