package io.meshagent.core.registry.etcd.client;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.meshagent.core.registry.format.InstanceCodec;

/**
 * One key of etcd as it was at a revision, or its end. Immutable. What is too long for an entry of
 * anybody's is never made a text: such an entry has an empty value.
 */
public final class EtcdEntry {

  /** A service's name and a host's and some more. */
  static final int LONGEST_KEY = 2_048;

  private static final int SHOWN_OF_KEY = 200;

  private final String key;
  private final String value;
  private final long lease;
  private final long revision;
  private final boolean tooLong;
  private final boolean isNew;

  /**
   * @param value null if the key was deleted
   * @param lease 0 for none
   * @param revision the one that made it so
   */
  public EtcdEntry(String key, String value, long lease, long revision) {
    this(key, value, lease, revision, false, false);
  }

  private EtcdEntry(
      String key, String value, long lease, long revision, boolean tooLong, boolean isNew) {
    this.key = key;
    this.value = value;
    this.lease = lease;
    this.revision = revision;
    this.tooLong = tooLong;
    this.isNew = isNew;
  }

  /** One as etcd has it. */
  public static EtcdEntry of(KeyValue kv) {
    boolean tooLong =
        kv.getKey().size() > LONGEST_KEY || kv.getValue().size() > InstanceCodec.LONGEST_VALUE;
    return new EtcdEntry(
        key(kv.getKey()),
        tooLong ? "" : kv.getValue().toStringUtf8(),
        kv.getLease(),
        kv.getModRevision(),
        tooLong,
        kv.getVersion() == 1);
  }

  /** One that is gone. */
  public static EtcdEntry deleted(KeyValue kv) {
    return new EtcdEntry(key(kv.getKey()), null, 0, kv.getModRevision());
  }

  /** One whose value was too large to be asked for. */
  public static EtcdEntry unread(KeyValue kv) {
    return new EtcdEntry(key(kv.getKey()), "", kv.getLease(), kv.getModRevision(), true, false);
  }

  /** A part of a key that is no one's, with what no key of an instance has in it. */
  private static String key(ByteString key) {
    return key.size() <= LONGEST_KEY
        ? key.toStringUtf8()
        : key.substring(0, SHOWN_OF_KEY).toStringUtf8() + "… (" + key.size() + " bytes)";
  }

  /** The same under another key. */
  EtcdEntry withKey(String other) {
    return new EtcdEntry(other, value, lease, revision, tooLong, isNew);
  }

  /** The same, of a key that was not there before. */
  public EtcdEntry asNew() {
    return new EtcdEntry(key, value, lease, revision, tooLong, true);
  }

  /** The same but for its value, which takes no memory. */
  public EtcdEntry withoutValue() {
    return new EtcdEntry(key, "", lease, revision, tooLong, isNew);
  }

  public String key() {
    return key;
  }

  /** Null if the key was deleted. */
  public String value() {
    return value;
  }

  /** Whether key or value were too long to be read. */
  public boolean isTooLong() {
    return tooLong;
  }

  /** Whether the key was not there before this change. */
  public boolean isNew() {
    return isNew;
  }

  public boolean isDeleted() {
    return value == null;
  }

  public long lease() {
    return lease;
  }

  public long revision() {
    return revision;
  }
}
