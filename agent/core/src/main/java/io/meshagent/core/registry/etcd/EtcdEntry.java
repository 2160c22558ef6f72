package io.meshagent.core.registry.etcd;

/** One key of etcd as it was at a revision, or its end. Immutable. */
final class EtcdEntry {

  private final String key;
  private final String value;
  private final long lease;
  private final long revision;

  /**
   * @param value null if the key was deleted
   * @param lease 0 for none
   * @param revision the one that made it so
   */
  EtcdEntry(String key, String value, long lease, long revision) {
    this.key = key;
    this.value = value;
    this.lease = lease;
    this.revision = revision;
  }

  String key() {
    return key;
  }

  /** Null if the key was deleted. */
  String value() {
    return value;
  }

  boolean isDeleted() {
    return value == null;
  }

  long lease() {
    return lease;
  }

  long revision() {
    return revision;
  }
}
