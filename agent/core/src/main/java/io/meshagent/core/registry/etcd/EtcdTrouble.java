package io.meshagent.core.registry.etcd;

import io.meshagent.core.log.Log;
import java.util.HashSet;
import java.util.Set;

/**
 * Says what is wrong with etcd: one line for each cause when it begins, one when it is over. All
 * feeds of a registry share it, because one connection fails for all of them alike. Confined to the
 * feeds' loop.
 */
final class EtcdTrouble {

  /** The causes of which a line was said. */
  private final Set<String> said = new HashSet<>();

  /**
   * A try has failed.
   *
   * @param prefix of the feed
   * @param listed whether the feed knows instances from before
   */
  void begins(String prefix, EtcdFailure failure, boolean listed) {
    if (!said.add(cause(prefix, failure))) {
      return;
    }
    Log.warn(
        happened(prefix, failure.kind())
            + " ("
            + failure.why()
            + "); until it does, "
            + meanwhile(failure.kind(), listed)
            + remedy(failure.kind()));
  }

  private static String meanwhile(EtcdFailure.Kind kind, boolean listed) {
    if (listed) {
      return "calls go to the instances known so far";
    }
    return kind == EtcdFailure.Kind.REFUSED
        ? "instances that are registered there get no calls"
        : "calls go by the directory on disk, or else where the program's channels send them";
  }

  private static String cause(String prefix, EtcdFailure failure) {
    switch (failure.kind()) {
      case REFUSED:
        return "refused " + prefix;
      case LOGIN:
      case UNTRUSTED:
        return failure.kind().name();
      default:
        return "";
    }
  }

  private static String happened(String prefix, EtcdFailure.Kind kind) {
    switch (kind) {
      case UNTRUSTED:
        return "the TLS connection to etcd does not come about";
      case LOGIN:
        return "etcd does not let this program in";
      case REFUSED:
        return "etcd does not let this program see the directory below " + prefix;
      default:
        return "etcd does not answer";
    }
  }

  private static String remedy(EtcdFailure.Kind kind) {
    switch (kind) {
      case UNTRUSTED:
        return "; check etcd.tls.ca, and etcd.tls.cert and etcd.tls.key if etcd asks for them";
      case LOGIN:
        return "; check etcd.user and its password";
      case REFUSED:
        return "; give etcd.user the right to read there";
      default:
        return "; check etcd.endpoints if this lasts";
    }
  }

  /** The feed of a prefix is well again, and with it the connection. */
  void ends(String prefix) {
    String refused = "refused " + prefix;
    if (said.removeIf(cause -> cause.equals(refused) || !cause.startsWith("refused "))) {
      Log.info("etcd answers again");
    }
  }
}
