package io.meshagent.core.registry.etcd.client;

import io.meshagent.core.log.Log;
import java.util.HashSet;
import java.util.Set;

/**
 * Says what is wrong with etcd: one line for each cause when it begins, one when it is over. All
 * feeds of a registry share it, because one connection fails for all of them alike. Confined to the
 * feeds' loop.
 */
public final class EtcdTrouble {

  /** The causes of which a line was said. */
  private final Set<String> said = new HashSet<>();

  /**
   * A try has failed.
   *
   * @param prefix of the feed
   * @param listed whether the feed knows instances from before
   */
  public void begins(String prefix, EtcdFailure failure, boolean listed) {
    // Who waits for a log-in does so because of what was said.
    boolean follows = failure.kind() == EtcdFailure.Kind.NOT_YET && !said.isEmpty();
    if (follows || !said.add(cause(prefix, failure))) {
      return;
    }
    Log.warn(line(prefix, failure, listed));
  }

  public static String line(String prefix, EtcdFailure failure, boolean listed) {
    return happened(prefix, failure)
        + " ("
        + failure.why()
        + "); until it does, "
        + meanwhile(failure.kind(), listed)
        + remedy(failure.kind());
  }

  private static String meanwhile(EtcdFailure.Kind kind, boolean listed) {
    if (listed) {
      return "calls go to the instances known so far";
    }
    return kind == EtcdFailure.Kind.REFUSED
        ? "instances that are registered there get no calls"
        : "calls go by the directory on disk, or else where the program's channels send them";
  }

  /** Ends with a blank and the prefix if it is of the prefix, and not of the connection. */
  private static String cause(String prefix, EtcdFailure failure) {
    switch (failure.kind()) {
      case LEARNER:
      case LOGIN:
      case NOT_YET:
      case UNTRUSTED:
        return failure.kind().name();
      case UNREACHABLE:
      case SILENT:
        return "";
      default:
        return failure.kind().name() + " " + prefix;
    }
  }

  private static String happened(String prefix, EtcdFailure failure) {
    switch (failure.kind()) {
      case UNTRUSTED:
        return "the TLS connection to etcd does not come about";
      case LOGIN:
        return "etcd does not let this program in";
      case NOT_YET:
        return "etcd wants all programs to log in again, which they do one after the other";
      case REFUSED:
        return "etcd does not let this program see the directory below " + prefix;
      case LEARNER:
        return "the member of etcd that was asked is a learner, which answers nothing";
      case SILENT:
        return "etcd has not answered in time";
      case UNREACHABLE:
        // What its server says begins so: that it has no leader, say.
        return failure.why().contains("etcdserver:") ? "etcd can't serve" : "etcd does not answer";
      default:
        return "etcd answers, but does not give out the directory below " + prefix;
    }
  }

  /** What to do, half a sentence that begins with a semicolon; empty if nobody knows. */
  public static String remedy(EtcdFailure.Kind kind) {
    switch (kind) {
      case UNTRUSTED:
        return "; check etcd.tls.ca, and etcd.tls.cert and etcd.tls.key if etcd asks for them";
      case LOGIN:
        return "; check etcd.user and its password";
      case REFUSED:
        return "; give etcd.user the right to read there";
      case LEARNER:
        return "; name a voting member in etcd.endpoints, or promote this one";
      case OTHER:
        return "; etcd's own log may say more if this lasts";
      case UNREACHABLE:
      case SILENT:
        return "; check etcd.endpoints if this lasts";
      default:
        return "";
    }
  }

  /** The feed of a prefix is well again, and with it the connection. */
  public void ends(String prefix) {
    if (said.removeIf(cause -> cause.endsWith(" " + prefix) || cause.indexOf(' ') < 0)) {
      // Who was told of the trouble is told of its end.
      Log.warn("etcd answers again as it should");
    }
  }
}
