package io.meshagent.core.registry.etcd.lease;

import io.meshagent.core.log.Log;
import io.meshagent.core.registry.etcd.client.EtcdFailure;

/**
 * Says that etcd answers and yet does not take this program's entries: one line when it begins.
 * That nothing at all can be asked of etcd is the feed's to say, which always runs. Confined to the
 * registration's loop.
 */
public final class RegistrationTrouble {

  private boolean said;

  /**
   * A try has failed.
   *
   * @param staying how many entries should be there and are not about to be withdrawn
   * @param registered how many entries are there
   * @return whether a line was said
   */
  boolean begins(EtcdFailure failure, int staying, int registered) {
    // Of a program that leaves nobody is to know any more: its entries end with their lease.
    if (failure.isTransport() || staying == 0 || said) {
      return false;
    }
    said = true;
    Log.warn(line(failure, registered));
    return true;
  }

  /** All entries are there. */
  void ends() {
    said = false;
  }

  /** What this program reports was not taken: said once, for nothing depends on it. */
  void ofReport(String key, EtcdFailure failure) {
    if (failure.isTransport()) {
      return;
    }
    String right =
        failure.kind() == EtcdFailure.Kind.REFUSED
            ? "; give etcd.user the right to write there"
            : "";
    Log.warnOnce(
        "report " + failure.kind(),
        "etcd does not take what this program reports of documents under "
            + key
            + " ("
            + failure.why()
            + "); it follows them all the same"
            + right);
  }

  static String line(EtcdFailure failure, int registered) {
    String what =
        failure.kind() == EtcdFailure.Kind.REFUSED
            ? "etcd does not let this program register its servers ("
            : "etcd answers, but does not register this program's servers (";
    String meanwhile =
        registered == 0
            ? "); they serve on, unseen by others, and it is tried again until it works"
            : "); entries that are there: " + registered + "; the others are tried until it works";
    return what + failure.why() + meanwhile;
  }
}
