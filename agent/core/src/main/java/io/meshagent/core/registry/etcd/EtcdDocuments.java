package io.meshagent.core.registry.etcd;

import io.meshagent.core.log.Log;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.Registry.WrittenDocument;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.mirror.EtcdMirror;
import io.meshagent.core.registry.etcd.mirror.MirrorReader;
import io.meshagent.core.registry.etcd.mirror.MirroredEtcd;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Reads the documents below a prefix and tells of all of them whenever one has changed. Keeps at
 * most {@link #MOST}, the first by name, so that all programs keep the same. Confined to the
 * mirror's loop but for the start and the end.
 */
final class EtcdDocuments implements MirrorReader {

  /** With 64 KiB each, the most that is read of one entry, they are at most 16 MiB. */
  private static final int MOST = 256;

  private static final int LONGEST_SHOWN = 120;

  private final String prefix;
  private final Registry.DocumentListener listener;
  private NavigableMap<String, WrittenDocument> documents = new TreeMap<>();

  /** Null if no list is being read. */
  private NavigableMap<String, WrittenDocument> list;

  /** Whether there are more than are kept, so far as is known. */
  private boolean full;

  /** The same of the list. */
  private boolean listFull;

  private boolean changed;
  private EtcdMirror mirror;

  /**
   * @param prefix with a slash at the end
   */
  EtcdDocuments(String prefix, Registry.DocumentListener listener) {
    this.prefix = prefix;
    this.listener = listener;
  }

  void start(MirroredEtcd etcd) {
    mirror = new EtcdMirror(etcd, prefix, this);
    mirror.start();
  }

  void close() {
    if (mirror != null) {
      mirror.close();
    }
  }

  @Override
  public void beginList() {
    list = new TreeMap<>();
    listFull = false;
  }

  @Override
  public void listed(List<EtcdEntry> page) {
    for (EtcdEntry entry : page) {
      listFull |= take(entry, list);
    }
  }

  /** Whether one had to be left out, this or another. */
  private boolean take(EtcdEntry entry, NavigableMap<String, WrittenDocument> into) {
    String name = name(entry);
    into.put(name, new WrittenDocument(entry.revision(), entry.isTooLong() ? null : entry.value()));
    if (into.size() <= MOST) {
      return false;
    }
    String last = into.pollLastEntry().getKey();
    Log.warnOnce("documents " + prefix, leftOut(last));
    return true;
  }

  private String leftOut(String name) {
    return "there are more than "
        + MOST
        + " documents below "
        + prefix
        + ": the first of them by name count, and the others, "
        + (name.length() > LONGEST_SHOWN ? name.substring(0, LONGEST_SHOWN) + "…" : name)
        + " first of all, change nothing; delete some, or write several as one";
  }

  /** What follows the prefix in its key. */
  private String name(EtcdEntry entry) {
    return entry.key().substring(Math.min(prefix.length(), entry.key().length()));
  }

  @Override
  public void endList() {
    documents = list;
    full = listFull;
    list = null;
    tell(true);
  }

  @Override
  public void confirmed(boolean wanted) {
    tell(true);
  }

  @Override
  public void dropList() {
    list = null;
  }

  @Override
  public void put(EtcdEntry entry) {
    changed = true;
    full |= take(entry, documents);
  }

  @Override
  public void deleted(EtcdEntry entry) {
    changed |= documents.remove(name(entry)) != null;
  }

  /** Which one comes in when another goes, only a list can tell. */
  @Override
  public boolean isFull() {
    return full;
  }

  @Override
  public boolean endOfChanges() {
    return changed;
  }

  @Override
  public void tell() {
    if (changed) {
      tell(false);
    }
  }

  private void tell(boolean listed) {
    changed = false;
    listener.documents(Collections.unmodifiableMap(new TreeMap<>(documents)), listed);
  }

  @Override
  public void answered() {}

  /** What was read last stays in force; that etcd is away the directory's feed says. */
  @Override
  public void troubled(String why) {}

  @Override
  public void failing(EtcdFailure failure) {
    if (failure.kind() == EtcdFailure.Kind.REFUSED) {
      Log.warnOnce(
          "documents refused " + prefix,
          "etcd does not let this program read the documents below "
              + prefix
              + " ("
              + failure.why()
              + "); it runs by the settings of its start; give etcd.user the right to read there,"
              + " or set documents.enabled=false");
    }
  }
}
