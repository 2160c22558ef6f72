package io.meshagent.core.registry.etcd.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * An etcd of which only what lies in a namespace is seen: the namespace stands before every key
 * that is asked for and is taken off every key that is answered, as {@code clientv3/namespace} does
 * for Go. As thread-safe as what it stands before.
 */
public final class NamespacedEtcd implements EtcdOperations {

  private final EtcdOperations etcd;
  private final String namespace;

  private NamespacedEtcd(EtcdOperations etcd, String namespace) {
    this.etcd = etcd;
    this.namespace = namespace;
  }

  /** The same etcd if the namespace is empty. */
  public static EtcdOperations of(EtcdOperations etcd, String namespace) {
    return namespace.isEmpty() ? etcd : new NamespacedEtcd(etcd, namespace);
  }

  private EtcdEntry inside(EtcdEntry entry) {
    // A key that is no text may differ from what it begins with when it is read as text.
    String key = entry.key();
    String rest = key.startsWith(namespace) ? key.substring(namespace.length()) : key;
    return entry.withKey(rest);
  }

  private List<EtcdEntry> inside(List<EtcdEntry> entries) {
    List<EtcdEntry> inside = new ArrayList<>(entries.size());
    entries.forEach(entry -> inside.add(inside(entry)));
    return inside;
  }

  @Override
  public void put(
      String key, String value, long lease, long seenRevision, Reply<EtcdEntry> answer) {
    etcd.put(
        namespace + key,
        value,
        lease,
        seenRevision,
        (other, failure) -> answer.arrived(other == null ? null : inside(other), failure));
  }

  @Override
  public void delete(String key, long seenRevision, Reply<EtcdEntry> answer) {
    etcd.delete(
        namespace + key,
        seenRevision,
        (other, failure) -> answer.arrived(other == null ? null : inside(other), failure));
  }

  @Override
  public void read(Collection<String> keys, Reply<List<EtcdEntry>> answer) {
    List<String> full = new ArrayList<>(keys.size());
    keys.forEach(key -> full.add(namespace + key));
    etcd.read(
        full, (found, failure) -> answer.arrived(found == null ? null : inside(found), failure));
  }

  @Override
  public void list(
      String prefix, byte[] from, long revision, int limit, Reply<RangeResult> answer) {
    // Where a page begins is etcd's own key, of the answer before.
    etcd.list(
        namespace + prefix,
        from,
        revision,
        limit,
        (page, failure) ->
            answer.arrived(
                page == null ? null : page.withEntries(inside(page.entries())), failure));
  }

  @Override
  public void listKey(String prefix, byte[] from, long revision, Reply<RangeResult> answer) {
    etcd.listKey(
        namespace + prefix,
        from,
        revision,
        (page, failure) ->
            answer.arrived(
                page == null ? null : page.withEntries(inside(page.entries())), failure));
  }

  @Override
  public Stream watch(String prefix, long fromRevision, Watcher watcher) {
    return etcd.watch(
        namespace + prefix,
        fromRevision,
        new Watcher() {
          @Override
          public void created(long revision) {
            watcher.created(revision);
          }

          @Override
          public void changed(List<EtcdEntry> entries, boolean more) {
            watcher.changed(inside(entries), more);
          }

          @Override
          public void progressed() {
            watcher.progressed();
          }

          @Override
          public void ended(EtcdFailure failure) {
            watcher.ended(failure);
          }
        });
  }

  @Override
  public void grant(long ttlSeconds, Reply<EtcdLease> answer) {
    etcd.grant(ttlSeconds, answer);
  }

  @Override
  public void renew(long lease, Reply<Long> answer) {
    etcd.renew(lease, answer);
  }

  @Override
  public void revoke(long lease, Reply<Boolean> answer) {
    etcd.revoke(lease, answer);
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
