package io.meshagent.core.registry.etcd;

import io.meshagent.core.api.TextHash;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.format.InstanceCodec;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts and names the entries that are not in the directory: those that are no instance, each
 * once, and those that are too long or too many, all in one line as long as there are any. Confined
 * to the feed's loop but for the counts.
 */
final class SkippedEntries {

  /** Bounds for what anybody can write into etcd: keys remembered, and lines said of them. */
  private static final int MOST_KEYS = 10_000;

  private static final int MOST_LINES = 10;

  private final String prefix;
  private final String format;
  private final DirectoryLimits limits;
  private final AtomicLong unreadable = new AtomicLong();

  /** Hashes of the keys that count in {@link #unreadable} already, since keys can be long. */
  private Set<Long> keys = new HashSet<>();

  /** The same of the list that is read; null while none is. */
  private Set<Long> listed;

  private int lines;
  private int tooLong;
  private int listedTooLong;
  private String firstTooLong;

  /** Volatile: written by the loop, read by views. */
  private volatile int leftOut;

  SkippedEntries(String prefix, String format, DirectoryLimits limits) {
    this.prefix = prefix;
    this.format = format;
    this.limits = limits;
  }

  long unreadable() {
    return unreadable.get();
  }

  int leftOut() {
    return leftOut;
  }

  void beginList() {
    listed = new HashSet<>();
    listedTooLong = 0;
  }

  /** The list came to nothing. */
  void dropList() {
    listed = null;
  }

  /**
   * The list was whole.
   *
   * @param tooMany how many entries there was no room for
   * @param worst the service of which most of them were; null if there was room for all
   */
  void endList(int tooMany, String worst) {
    keys = listed;
    listed = null;
    tooLong = listedTooLong;
    boolean before = leftOut > 0;
    changed(tooMany, worst);
    if (before && leftOut == 0) {
      Log.info("no entry of etcd below " + prefix + " is left out any more");
    }
  }

  /** The same after a change. */
  void changed(int tooMany, String worst) {
    boolean first = leftOut == 0;
    leftOut = tooMany + tooLong;
    if (first && leftOut > 0) {
      String where = worst == null ? firstTooLong : prefix + "/" + worst + "/";
      Log.warn(
          leftOut
              + (leftOut == 1 ? " entry" : " entries")
              + " of etcd below "
              + prefix
              + ", "
              + (worst == null ? "the first at " : "most of them below ")
              + where
              + ", are too long or too many and get no calls, which go to the others; an entry may"
              + " have "
              + InstanceCodec.LONGEST_VALUE
              + " bytes, and there may be "
              + limits
              + "; remove what should not be there");
    }
  }

  void tooLong(EtcdEntry entry) {
    if (tooLong + listedTooLong == 0) {
      firstTooLong = entry.key();
    }
    if (listed == null) {
      tooLong++;
    } else {
      listedTooLong++;
    }
  }

  void deleted(EtcdEntry entry) {
    keys.remove(hash(entry.key()));
  }

  /** It is no instance in the format that is read here. */
  void unreadable(EtcdEntry entry) {
    long hash = hash(entry.key());
    boolean known = keys.contains(hash);
    Set<Long> remembered = listed == null ? keys : listed;
    if (remembered.size() >= MOST_KEYS || !remembered.add(hash) || known) {
      return;
    }
    unreadable.incrementAndGet();
    if (lines < MOST_LINES) {
      lines++;
      Log.warnOnce(
          "skipped " + entry.key(),
          "the etcd entry "
              + entry.key()
              + " is not an instance in the format "
              + format
              + "; it is left out, and calls go to the others"
              + (lines < MOST_LINES ? "" : " (more such entries are only counted)"));
    }
  }

  /** Of 64 bits: two alike among ten thousand do not happen by chance. */
  private static long hash(String key) {
    return TextHash.of(key);
  }
}
