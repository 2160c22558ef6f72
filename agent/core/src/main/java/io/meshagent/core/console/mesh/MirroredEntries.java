package io.meshagent.core.console.mesh;

import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.mirror.MirrorReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * All entries below one prefix of etcd, read into what they mean. Written on the loop of its
 * mirror, with the lock of {@link MeshMirror}, whose readers hold it, too.
 *
 * @param <T> what an entry means; immutable
 */
final class MirroredEntries<T> implements MirrorReader {

  /** Some hundred MB of the longest, and far more than any mesh has. */
  static final int MOST = 100_000;

  private final Object lock;
  private final Function<EtcdEntry, T> reading;
  private final Runnable changed;
  private Map<String, T> byKey = new HashMap<>();

  /** Null if no list is being read. */
  private Map<String, T> list;

  private boolean full;
  private boolean isListed;
  private String trouble;

  /**
   * @param reading what an entry means; null if nothing
   * @param changed told whenever anything that is seen here has changed
   */
  MirroredEntries(Object lock, Function<EtcdEntry, T> reading, Runnable changed) {
    this.lock = lock;
    this.reading = reading;
    this.changed = changed;
  }

  /** By key; with the lock. */
  Map<String, T> byKey() {
    return byKey;
  }

  /** Whether there was a list; with the lock. */
  boolean isListed() {
    return isListed;
  }

  /** For people; null if there is none. With the lock. */
  String trouble() {
    return trouble;
  }

  @Override
  public void beginList() {
    list = new HashMap<>();
  }

  @Override
  public void listed(List<EtcdEntry> page) {
    page.forEach(entry -> take(entry, list));
  }

  private void take(EtcdEntry entry, Map<String, T> into) {
    T read = entry.isTooLong() ? null : reading.apply(entry);
    if (read == null) {
      into.remove(entry.key());
    } else if (into.size() < MOST || into.containsKey(entry.key())) {
      into.put(entry.key(), read);
    } else {
      full = true;
    }
  }

  @Override
  public void endList() {
    synchronized (lock) {
      byKey = list;
      list = null;
      isListed = true;
      trouble = null;
    }
    changed.run();
  }

  @Override
  public void dropList() {
    list = null;
  }

  @Override
  public void put(EtcdEntry entry) {
    synchronized (lock) {
      take(entry, byKey);
    }
    changed.run();
  }

  @Override
  public void deleted(EtcdEntry entry) {
    synchronized (lock) {
      byKey.remove(entry.key());
    }
    changed.run();
  }

  @Override
  public boolean endOfChanges() {
    return false;
  }

  @Override
  public void tell() {
    answered();
  }

  @Override
  public void answered() {
    become(null);
  }

  @Override
  public void troubled(String why) {
    become(why);
  }

  @Override
  public void failing(EtcdFailure failure) {
    if (failure.kind() == EtcdFailure.Kind.REFUSED) {
      become(failure.why() + "; give etcd.user the right to read there");
    }
  }

  private void become(String why) {
    boolean same;
    synchronized (lock) {
      same = why == null ? trouble == null : why.equals(trouble);
      trouble = why;
    }
    if (!same) {
      changed.run();
    }
  }

  @Override
  public boolean isFull() {
    return full;
  }
}
