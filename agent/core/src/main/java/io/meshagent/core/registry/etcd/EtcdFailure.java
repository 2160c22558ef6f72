package io.meshagent.core.registry.etcd;

/** Why etcd did not do what it was asked. Immutable. */
final class EtcdFailure {

  /** What follows from a failure. */
  enum Kind {
    /** No connection, or a member that has no leader: costs nothing, so tried again soon. */
    UNREACHABLE,
    /** No answer in time. */
    SILENT,
    /** The lease has ended: the keys on it are gone. */
    LEASE_GONE,
    /** The wanted revision is no longer there. */
    COMPACTED,
    /** A matter of user, password or rights. */
    REFUSED,
    /** Anything else that etcd says. */
    OTHER
  }

  private final Kind kind;
  private final String why;

  EtcdFailure(Kind kind, String why) {
    this.kind = kind;
    this.why = why;
  }

  Kind kind() {
    return kind;
  }

  /** A clause for people: which endpoint, and what it said. */
  String why() {
    return why;
  }

  /** Whether etcd answered at all. */
  boolean isTransport() {
    return kind == Kind.UNREACHABLE || kind == Kind.SILENT;
  }

  /** The longest wait before the next try. */
  long longestWaitNanos() {
    return (kind == Kind.UNREACHABLE ? 4L : 30L) * 1_000_000_000L;
  }

  @Override
  public String toString() {
    return kind + ": " + why;
  }
}
