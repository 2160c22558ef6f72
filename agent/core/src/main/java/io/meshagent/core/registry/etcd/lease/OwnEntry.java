package io.meshagent.core.registry.etcd.lease;

import io.meshagent.core.registry.etcd.client.EtcdEntry;
import io.meshagent.core.registry.format.InstanceCodec;

/** One entry of ours: what should be in etcd and what is. Only {@link EtcdRegistration} uses it. */
final class OwnEntry {

  final String key;

  /** The value that should be there; null if the entry was withdrawn. */
  String desired;

  /** Whether that value says that the entry is to be withdrawn soon. */
  boolean leaving;

  /** Whether the program is registered without it: its trouble is its own, and not counted. */
  boolean beside;

  /**
   * Whether it is given up without a word where etcd refuses it, unless an earlier value is there:
   * that would say for ever what is no longer so.
   */
  boolean ifAllowed;

  /** Whether etcd has refused it under the present lease, and it is given up. */
  boolean refused;

  /** The value that etcd confirmed under the present lease; null if none. */
  String confirmed;

  /** Whether a put was ever sent that no confirmed delete followed. */
  boolean mayBeThere;

  /** The lease of the last put. */
  long lease;

  /** A request for this entry is under way: there is never more than one. */
  boolean busy;

  /** Another program that started later claims the same address: it may have it. */
  boolean yielded;

  OwnEntry(String key) {
    this.key = key;
  }

  /** Whether the registration as a whole has nothing to wait for here. */
  boolean isSettledOrBeside() {
    return beside || isSettled();
  }

  boolean isSettled() {
    return desired == null ? !mayBeThere : yielded || desired.equals(confirmed);
  }

  /**
   * Two programs claim one address: the one that started last has it, as its port is bound.
   *
   * @param lease under which ours are
   */
  boolean isOlderThan(EtcdEntry other, long lease) {
    if (other.isDeleted() || other.lease() == lease || other.value().equals(desired)) {
      return false;
    }
    long theirs = InstanceCodec.started(other.value());
    long ours = InstanceCodec.started(desired);
    return theirs > ours || (theirs == ours && other.value().compareTo(desired) > 0);
  }
}
