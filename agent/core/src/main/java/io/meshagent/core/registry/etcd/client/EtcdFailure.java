package io.meshagent.core.registry.etcd.client;

/** Why etcd did not do what it was asked. Immutable. */
public final class EtcdFailure {

  /** What follows from a failure. */
  public enum Kind {
    /** No connection, or a member that has no leader: costs nothing, so tried again soon. */
    UNREACHABLE,
    /** No answer in time. */
    SILENT,
    /** The lease has ended: the keys on it are gone. */
    LEASE_GONE,
    /** The wanted revision is no longer there. */
    COMPACTED,
    /** TLS did not come about: a file of ours, or whom one side trusts. */
    UNTRUSTED,
    /** Etcd does not know us: a matter of user and password. */
    LOGIN,
    /** Somebody has to log in who is not yet to: etcd was not asked. */
    NOT_YET,
    /** Etcd knows us, and we have no right to what we asked for. */
    REFUSED,
    /** The member follows the cluster and answers nothing yet: a learner. Another one may do. */
    LEARNER,
    /** There is an answer, larger than what we take. */
    TOO_LARGE,
    /** Anything else that etcd says. */
    OTHER
  }

  private final Kind kind;
  private final String why;

  public EtcdFailure(Kind kind, String why) {
    this.kind = kind;
    this.why = why;
  }

  public Kind kind() {
    return kind;
  }

  /** A clause for people: which endpoint, and what it said. */
  public String why() {
    return why;
  }

  /**
   * Whether nothing at all can be asked of etcd just now, so that every request fails alike. It
   * says nothing of a lease.
   */
  public boolean isTransport() {
    return isBrokenConnection() || kind == Kind.LOGIN || kind == Kind.NOT_YET;
  }

  /** Whether another connection may do. */
  public boolean isBrokenConnection() {
    return kind == Kind.UNREACHABLE
        || kind == Kind.SILENT
        || kind == Kind.UNTRUSTED
        || kind == Kind.LEARNER;
  }

  /** The longest wait before the next try. A log-in is dear for etcd, a connection is not. */
  public long longestWaitNanos() {
    boolean cheap =
        kind == Kind.UNREACHABLE
            || kind == Kind.UNTRUSTED
            || kind == Kind.LEARNER
            || kind == Kind.NOT_YET;
    return (cheap ? 4L : 30L) * 1_000_000_000L;
  }

  @Override
  public String toString() {
    return kind + ": " + why;
  }
}
