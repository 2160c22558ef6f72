package io.meshagent.core.registry.etcd.mirror;

import io.meshagent.core.registry.etcd.client.EtcdEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** A small prefix as a map of texts, the first by key if there are more than it may hold. */
final class MirroredTexts implements MirrorReader {

  /** What a reader of the map would go by. */
  final TreeMap<String, String> texts = new TreeMap<>();

  final List<String> told = new ArrayList<>();

  private final int most;
  private final TreeSet<String> untold = new TreeSet<>();
  private TreeMap<String, String> fresh;
  private boolean full;
  private boolean freshFull;

  /** Thrown once by the next telling. */
  Error thrown;

  MirroredTexts(int most) {
    this.most = most;
  }

  @Override
  public void beginList() {
    fresh = new TreeMap<>();
    freshFull = false;
  }

  @Override
  public void listed(List<EtcdEntry> page) {
    for (EtcdEntry entry : page) {
      // Pages come in the order of keys, so those that are too many are the last.
      if (entry.isTooLong() || fresh.size() == most) {
        freshFull = true;
      } else {
        fresh.put(entry.key(), entry.value());
      }
    }
  }

  @Override
  public void endList() {
    full = freshFull;
    TreeSet<String> gone = new TreeSet<>(texts.keySet());
    gone.removeAll(fresh.keySet());
    TreeMap<String, String> changed = new TreeMap<>(fresh);
    changed.entrySet().removeAll(texts.entrySet());
    texts.keySet().removeAll(gone);
    texts.putAll(fresh);
    fresh = null;
    untold.clear();
    told.add("list " + changed + " gone " + gone);
    throwOnce();
  }

  @Override
  public void confirmed(boolean wanted) {
    if (wanted) {
      told.add("confirmed");
    }
  }

  @Override
  public void dropList() {
    fresh = null;
    told.add("dropped");
  }

  @Override
  public void put(EtcdEntry entry) {
    if (!texts.containsKey(entry.key()) && texts.size() == most) {
      full = true;
    } else if (!entry.value().equals(texts.put(entry.key(), entry.value()))) {
      untold.add(entry.key());
    }
  }

  @Override
  public void deleted(EtcdEntry entry) {
    if (texts.remove(entry.key()) != null) {
      untold.add(entry.key());
    }
  }

  @Override
  public boolean endOfChanges() {
    return !untold.isEmpty();
  }

  @Override
  public void tell() {
    told.add("changed " + untold);
    untold.clear();
    throwOnce();
  }

  private void throwOnce() {
    if (thrown != null) {
      Error once = thrown;
      thrown = null;
      throw once;
    }
  }

  @Override
  public void answered() {
    told.add("answered");
  }

  @Override
  public void troubled(String why) {
    told.add("trouble");
  }

  @Override
  public boolean isFull() {
    return full;
  }
}
