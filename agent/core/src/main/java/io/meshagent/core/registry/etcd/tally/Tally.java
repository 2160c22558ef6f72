package io.meshagent.core.registry.etcd.tally;

import io.meshagent.core.registry.etcd.client.EtcdEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a mirror remembers of what it has told its reader: how many keys there are, how large they
 * were when they were listed, and which of them changed last. It is enough to ask etcd in a hundred
 * bytes whether anything was missed. Confined to the mirror's loop.
 */
public final class Tally {

  /**
   * One that is still as it was proves that etcd is the one that we have listed. Where programs are
   * replaced, half of what changed last is there for seconds only.
   */
  private static final int MOST_NEWEST = 8;

  /** Revision and lease of the keys that changed last, by key. */
  private final Map<String, EtcdEntry> newest = new LinkedHashMap<>();

  /** The same as it was when the watch ended; null if it has not since all was confirmed. */
  private Map<String, EtcdEntry> proof;

  private long keys;
  private long listedBytes;
  private long listingKeys;
  private long listingBytes;

  /** Whether the count may be wrong: a revision was told in part. */
  private boolean unsure = true;

  /** Changes of the number of keys since {@link #beginCheck}: revision and difference. */
  private List<long[]> sinceCheck;

  /** A list begins: what was counted before is not counted with it. */
  public void beginList() {
    listingKeys = 0;
    listingBytes = 0;
    newest.clear();
    sinceCheck = null;
    unsure = true;
  }

  /** Some more of the list. */
  public void page(List<EtcdEntry> entries, int bytes) {
    listingKeys += entries.size();
    listingBytes += bytes;
    for (EtcdEntry each : entries) {
      EtcdEntry eldest = newest.size() < MOST_NEWEST ? null : eldest();
      if (eldest == null || each.revision() > eldest.revision()) {
        remember(each);
      }
    }
  }

  /** The list was whole. */
  public void listed() {
    keys = listingKeys;
    listedBytes = listingBytes;
    unsure = false;
    proof = null;
  }

  /**
   * The watch has told a change.
   *
   * @param whole whether all that its revision changed has been told with it
   */
  public void changed(EtcdEntry entry, boolean whole) {
    unsure |= !whole;
    long difference = entry.isDeleted() ? -1 : entry.isNew() ? 1 : 0;
    keys += difference;
    if (sinceCheck != null && difference != 0) {
      sinceCheck.add(new long[] {entry.revision(), difference});
    }
    if (entry.isDeleted()) {
      newest.remove(entry.key());
    } else {
      remember(entry);
    }
  }

  private EtcdEntry eldest() {
    EtcdEntry eldest = null;
    for (EtcdEntry each : newest.values()) {
      eldest = eldest == null || each.revision() < eldest.revision() ? each : eldest;
    }
    return eldest;
  }

  private void remember(EtcdEntry entry) {
    newest.remove(entry.key());
    if (entry.isTooLong()) {
      return;
    }
    if (newest.size() == MOST_NEWEST) {
      newest.remove(eldest().key());
    }
    newest.put(entry.key(), entry.withoutValue());
  }

  /** What was told last may not have been taken in: the next list comes at once. */
  public void forget() {
    unsure = true;
    listedBytes = 0;
  }

  /** Whether nothing can be asked that would prove anything. */
  boolean isUnsure() {
    return unsure;
  }

  /** The watch has ended: which etcd the next one is of has to be proved. */
  public void ended() {
    if (proof == null) {
      proof = new LinkedHashMap<>(newest);
    }
  }

  /** All that is told here is so. */
  void confirmed() {
    proof = null;
  }

  /** Whether the watch has ended since the last list or {@link #confirmed}. */
  boolean isInDoubt() {
    return proof != null;
  }

  /** Keys that had changed last when the watch ended. */
  List<String> proof() {
    return new ArrayList<>(proof.keySet());
  }

  /**
   * Whether an entry of the proof is as it was: written once, under that lease, and never since.
   */
  boolean isAsTold(EtcdEntry there) {
    EtcdEntry told = proof.get(there.key());
    return told != null && told.revision() == there.revision() && told.lease() == there.lease();
  }

  void beginCheck() {
    sinceCheck = new ArrayList<>();
  }

  void endCheck() {
    sinceCheck = null;
  }

  /** How many keys there were at a revision, which is none of before {@link #beginCheck}. */
  long keysAt(long revision) {
    long later = 0;
    for (long[] each : sinceCheck) {
      later += each[0] > revision ? each[1] : 0;
    }
    return keys - later;
  }

  /** How many keys there are. */
  public long keys() {
    return keys;
  }

  /** How much the last whole list brought. */
  public long listedBytes() {
    return listedBytes;
  }
}
