package io.meshagent.core.check;

import io.meshagent.core.config.ServerAddress;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import java.util.regex.Pattern;

/** What a failure of etcd means to whoever configured it. Stateless. */
final class EtcdTroubles {

  /** The JDK's words for a certificate of another name. */
  private static final Pattern NAME =
      Pattern.compile("No name matching|No subject alternative|alternative names present");

  /** Its words for a certificate before or after its time. */
  private static final Pattern TIME = Pattern.compile("NotAfter|NotBefore|validity check failed");

  /** Its words, by OpenSSL's and by Go's alerts, where our own certificate is asked for. */
  private static final Pattern OURS =
      Pattern.compile("bad_certificate|certificate_required|unknown_ca|certificate_unknown");

  private static final Pattern SETTING = Pattern.compile("etcd\\.(tls|password)");

  private static final Pattern FULL = Pattern.compile("database space exceeded");

  private EtcdTroubles() {}

  /**
   * @param user whether there is one in the configuration
   */
  static Finding of(ServerAddress endpoint, EtcdFailure failure, boolean user) {
    String why = failure.why();
    if (FULL.matcher(why).find()) {
      return full(endpoint);
    }
    switch (failure.kind()) {
      case UNTRUSTED:
        return tls(endpoint, why);
      case LOGIN:
        return login(endpoint, why, user);
      case LEARNER:
        return learner(endpoint);
      case UNREACHABLE:
        return why.contains("no leader") ? leaderless(endpoint) : other(endpoint, why);
      case SILENT:
        return Finding.wrong(
            EtcdLook.MEMBER,
            "etcd at " + endpoint + " takes connections and does not answer",
            "look whether it is etcd that listens there, whether it hangs, and whether it speaks "
                + (endpoint.tls() ? "TLS (https://)" : "without TLS (http://)"));
      default:
        return other(endpoint, why);
    }
  }

  private static Finding tls(ServerAddress endpoint, String why) {
    if (SETTING.matcher(why).find()) {
      return Finding.wrong(EtcdLook.TLS, why, "correct the setting, or put the file there");
    }
    if (NAME.matcher(why).find()) {
      return Finding.wrong(
          EtcdLook.TLS,
          "the certificate of etcd is for another name (" + why + ")",
          "write the name that is in the certificate into etcd.endpoints or etcd.tls.server-name,"
              + " or give etcd a certificate with this name");
    }
    if (TIME.matcher(why).find()) {
      return Finding.wrong(
          EtcdLook.TLS,
          "a certificate on the way to etcd has run out, or is not valid yet (" + why + ")",
          "renew it, or set the clock of this machine");
    }
    if (OURS.matcher(why).find()) {
      return Finding.wrong(
          EtcdLook.TLS,
          "etcd does not take this program's certificate, or misses it (" + why + ")",
          "name one in etcd.tls.cert and etcd.tls.key that comes from etcd's --trusted-ca-file");
    }
    if (why.contains("not an SSL/TLS record")) {
      return Finding.wrong(
          EtcdLook.TLS,
          endpoint + " does not speak TLS",
          "write http:// into etcd.endpoints, or have etcd speak TLS (--cert-file, --key-file)");
    }
    return Finding.wrong(
        EtcdLook.TLS,
        "the certificate of etcd comes from an authority that is not trusted (" + why + ")",
        "name the PEM file of that authority in etcd.tls.ca");
  }

  private static Finding login(ServerAddress endpoint, String why, boolean user) {
    if (SETTING.matcher(why).find()) {
      return Finding.wrong(EtcdLook.LOGIN, why, "correct the setting, or put the file there");
    }
    return user
        ? Finding.wrong(
            EtcdLook.LOGIN,
            "etcd does not let this user in (" + why + ")",
            "correct etcd.user and its password (etcd.password-file, MESH_ETCD_PASSWORD)")
        : Finding.wrong(
            EtcdLook.LOGIN,
            "etcd at " + endpoint + " asks for a user, and none is set",
            "set etcd.user, and its password by etcd.password-file or MESH_ETCD_PASSWORD");
  }

  static Finding learner(ServerAddress endpoint) {
    return Finding.wrong(
        EtcdLook.MEMBER,
        "etcd at " + endpoint + " is a learner, which answers nothing yet",
        "name a voting member in etcd.endpoints, or promote this one (etcdctl member promote)");
  }

  static Finding leaderless(ServerAddress endpoint) {
    return Finding.wrong(
        EtcdLook.MEMBER,
        "etcd at " + endpoint + " has no leader",
        "bring back the majority of its members (etcdctl endpoint status --cluster)");
  }

  static Finding full(ServerAddress endpoint) {
    return Finding.wrong(
        EtcdLook.SPACE,
        "etcd at " + endpoint + " is full (alarm NOSPACE) and takes no registration",
        "make room with etcdctl compact and etcdctl defrag, then etcdctl alarm disarm; raise"
            + " --quota-backend-bytes if that was not enough");
  }

  private static Finding other(ServerAddress endpoint, String why) {
    boolean http = why.contains("First received frame was not SETTINGS");
    return Finding.wrong(
        EtcdLook.MEMBER,
        "what listens at " + endpoint + " does not answer as etcd does (" + why + ")",
        http || !endpoint.tls()
            ? "correct etcd.endpoints, and write https:// there if etcd speaks TLS; etcd's own log"
                + " may say more"
            : "correct etcd.endpoints; etcd's own log may say more");
  }
}
