package io.meshagent.core.registry.etcd.client;

import java.util.Collection;
import java.util.List;

/**
 * What we ask of etcd. Every method returns at once and answers exactly once, on any thread, within
 * a deadline of a few seconds. Thread-safe.
 */
public interface EtcdOperations {

  int DEADLINE_SECONDS = 5;

  /** A lease with about the wanted time to live. */
  void grant(long ttlSeconds, Reply<EtcdLease> answer);

  /** Renews a lease once; the answer is its time to live in seconds, 0 or less if it has ended. */
  void renew(long lease, Reply<Long> answer);

  /** Ends a lease and deletes the keys on it. */
  void revoke(long lease, Reply<Boolean> answer);

  /**
   * Writes a key if nobody wrote it since a revision.
   *
   * @param seenRevision the revision of the entry that may be replaced; 0 if there must be none
   * @param answer null if written, else the entry that stands in the way
   */
  void put(String key, String value, long lease, long seenRevision, Reply<EtcdEntry> answer);

  /**
   * Deletes a key if nobody wrote it since a revision.
   *
   * @param seenRevision as for {@link #put}
   * @param answer null if there is no such key any more, else the entry that stands in the way
   */
  void delete(String key, long seenRevision, Reply<EtcdEntry> answer);

  /** The entries of those of the keys that exist. */
  void read(Collection<String> keys, Reply<List<EtcdEntry>> answer);

  /**
   * One page of all entries whose keys begin with a prefix.
   *
   * @param from where the page before ended; null for the first
   * @param revision at which to look; 0 for now
   */
  void list(String prefix, byte[] from, long revision, int limit, Reply<RangeResult> answer);

  /**
   * A page of the first entry alone, without its value, which counts as too long: to step over one
   * that no page can hold.
   *
   * @param from as for {@link #list}
   * @param revision as for {@link #list}
   */
  void listKey(String prefix, byte[] from, long revision, Reply<RangeResult> answer);

  /**
   * Watches all keys with a prefix until cancelled or ended.
   *
   * @param fromRevision the first of which changes are told; 0 for the next there is
   */
  Stream watch(String prefix, long fromRevision, Watcher watcher);

  /** Gives up the present connection, if there is one: something on it does not answer. */
  void reconnect();

  /** Lets go of all connections and threads; blocks for at most a second. */
  void close();

  /** Takes the outcome of one request. */
  interface Reply<T> {

    /** The value is what was asked for if the failure is null, and means nothing otherwise. */
    void arrived(T value, EtcdFailure failure);
  }

  /** Takes what a watch says, in order, on any thread. */
  interface Watcher {

    /**
     * Says that the watch stands.
     *
     * @param revision etcd's own at that moment
     */
    void created(long revision);

    /**
     * Changes of one revision or of several. No further ones come until {@link Stream#next}.
     *
     * @param more whether further changes of the last revision follow
     */
    void changed(List<EtcdEntry> entries, boolean more);

    /** The watch is alive, though nothing has changed. */
    void progressed();

    /** The watch has ended; nothing follows. Not called after a cancel. */
    void ended(EtcdFailure failure);
  }

  /** A watch that runs. */
  interface Stream {

    /** Asks for {@link Watcher#progressed}. */
    void requestProgress();

    /** The changes that came last have been taken in. */
    public void next();

    void cancel();
  }

  /** A lease as granted. Immutable. */
  final class EtcdLease {
    private final long id;
    private final long ttlSeconds;

    public EtcdLease(long id, long ttlSeconds) {
      this.id = id;
      this.ttlSeconds = ttlSeconds;
    }

    public long id() {
      return id;
    }

    public long ttlSeconds() {
      return ttlSeconds;
    }
  }

  /** Some of the entries that were asked for. Immutable. */
  final class RangeResult {
    private final List<EtcdEntry> entries;
    private final long revision;
    private final byte[] next;
    private final int bytes;
    private final long count;

    /**
     * @param count how many entries there are from the beginning of this page on
     */
    public RangeResult(List<EtcdEntry> entries, long revision, byte[] next, int bytes, long count) {
      this.count = count;
      this.entries = entries;
      this.revision = revision;
      this.next = next;
      this.bytes = bytes;
    }

    RangeResult withEntries(List<EtcdEntry> others) {
      return new RangeResult(others, revision, next, bytes, count);
    }

    public List<EtcdEntry> entries() {
      return entries;
    }

    /** Etcd's revision when the page was read. */
    public long revision() {
      return revision;
    }

    /** Where the next page begins; null if this was the last. */
    public byte[] next() {
      return next;
    }

    /** How many entries there are from the beginning of this page on, on it or after it. */
    public long count() {
      return count;
    }

    /** How large the answer was. */
    public int bytes() {
      return bytes;
    }
  }
}
