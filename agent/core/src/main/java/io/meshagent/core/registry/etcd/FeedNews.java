package io.meshagent.core.registry.etcd;

import io.meshagent.core.log.Log;

/** One line when the feed's trouble begins, one when it is over. Confined to the feed's loop. */
final class FeedNews {

  private boolean said;

  /**
   * @param known whether the directory was ever listed
   * @param failures in a row: a watch that is back with the next try is no news
   */
  void trouble(EtcdFailure failure, boolean known, int failures) {
    if (said || (known && failures <= 1)) {
      return;
    }
    said = true;
    String meanwhile =
        known
            ? "calls go to the instances known so far"
            : "calls go by the directory on disk, or else where the program's channels send them";
    boolean refused = failure.kind() == EtcdFailure.Kind.REFUSED;
    String happened =
        refused ? "etcd does not let this program see the directory" : "etcd does not answer";
    String remedy =
        refused
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
