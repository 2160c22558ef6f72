package io.meshagent.core.console;

import io.meshagent.core.config.Audience;
import io.meshagent.core.config.DocumentText;
import io.meshagent.core.policy.Policies;
import io.meshagent.core.registry.Registry.WrittenDocument;
import io.meshagent.core.registry.etcd.EtcdUnavailable;
import io.meshagent.core.registry.etcd.StoredDocuments;
import io.meshagent.core.rules.DocumentCheck;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads, checks and writes documents for the console. Any thread, one at a time; blocks until etcd
 * has answered, for half a minute at most.
 */
final class DocumentDesk implements AutoCloseable {

  private final StoredDocuments stored;

  private final ReentrantLock busy = new ReentrantLock();

  DocumentDesk(StoredDocuments stored) {
    this.stored = stored;
  }

  /**
   * A document, or an earlier one of its name.
   *
   * @param before the revision that made it another one; 0 for what it is now
   * @return facts for the page; null if there is none
   */
  Map<String, Object> read(String name, long before) throws EtcdUnavailable {
    WrittenDocument found =
        alone(() -> before == 0 ? stored.document(name) : stored.before(name, before));
    if (found == null) {
      return null;
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("document", name);
    facts.put("revision", found.revision());
    facts.put(
        "text", found.text() == null ? null : DocumentText.shown(found.text(), Policies.keys()));
    return facts;
  }

  /**
   * What programs would say of a document, without writing it.
   *
   * @param share for how many percent of the programs it is to be; empty to leave that as it is
   * @return the text, with the share, and what is wrong with it
   */
  static Map<String, Object> check(String name, String text, String share) {
    String draft =
        share.isEmpty()
            ? text
            : DocumentText.with(text, Collections.singletonMap(Audience.PERCENT, share));
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("text", draft);
    facts.put("problems", problems(name, draft));
    return facts;
  }

  /** Empty if nothing is wrong. */
  static List<String> problems(String name, String text) {
    return DocumentCheck.isName(name)
        ? DocumentCheck.problems("document " + name, text, Policies.keys())
        : Collections.singletonList(DocumentCheck.NAMES + ".");
  }

  /**
   * Writes a good document if nobody wrote it meanwhile.
   *
   * @param seen the revision that is replaced; 0 if there is none
   * @return its revision; 0 if somebody did, or has at once
   */
  long write(String name, String text, long seen) throws EtcdUnavailable {
    return alone(
        () -> {
          if (!stored.put(name, text, seen)) {
            return 0L;
          }
          WrittenDocument now = stored.document(name);
          return now == null || !text.equals(now.text()) ? 0L : now.revision();
        });
  }

  /** Deletes one if nobody wrote it meanwhile, and says whether that is done. */
  boolean delete(String name, long seen) throws EtcdUnavailable {
    return alone(() -> stored.delete(name, seen));
  }

  private interface Asking<T> {
    T ask() throws EtcdUnavailable;
  }

  /** The page has few threads, and must not wait with all of them for an etcd that is silent. */
  private <T> T alone(Asking<T> asking) throws EtcdUnavailable {
    if (!busy.tryLock()) {
      throw new EtcdUnavailable("etcd has not answered somebody else yet; try again in a moment");
    }
    try {
      return asking.ask();
    } finally {
      busy.unlock();
    }
  }

  @Override
  public void close() {
    busy.lock();
    try {
      stored.close();
    } finally {
      busy.unlock();
    }
  }
}
