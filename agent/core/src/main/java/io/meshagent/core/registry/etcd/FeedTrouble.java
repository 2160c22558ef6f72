package io.meshagent.core.registry.etcd;

import io.meshagent.core.log.Log;

/**
 * Tells people of trouble with the directory: one line when it begins, one when it is over.
 * Confined to the feed's loop.
 */
final class FeedTrouble {

  private boolean said;

  /**
   * Says what happened, unless that was said.
   *
   * @param listed whether the directory was ever read
   */
  void began(EtcdFailure failure, boolean listed) {
    if (said) {
      return;
    }
    said = true;
    String meanwhile =
        listed
            ? "calls go to the instances known so far"
            : "calls go where the program's channels send them";
    String happened =
        failure.kind() == EtcdFailure.Kind.REFUSED
            ? "etcd does not let this program see the directory"
            : "etcd does not answer";
    String remedy =
        failure.kind() == EtcdFailure.Kind.REFUSED
            ? "; check etcd.user, its password and its rights"
            : "; check etcd.endpoints if this lasts";
    Log.warn(happened + " (" + failure.why() + "); until it does, " + meanwhile + remedy);
  }

  void over() {
    if (said) {
      said = false;
      Log.info("etcd answers again");
    }
  }
}
