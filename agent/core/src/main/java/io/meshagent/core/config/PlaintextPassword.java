package io.meshagent.core.config;

import java.net.URI;

/** Whether the password of etcd would go to another machine unencrypted. Stateless. */
public final class PlaintextPassword {

  private PlaintextPassword() {}

  /**
   * One endpoint is enough: which one is asked is not known.
   *
   * @return why the agent does not log in, in one sentence; null if nothing is wrong
   */
  public static String problem(Settings settings) {
    boolean secret =
        !settings.get(RegistryKeys.ETCD_PASSWORD).isEmpty()
            || !settings.get(RegistryKeys.ETCD_PASSWORD_FILE).isEmpty();
    if (!secret || settings.get(RegistryKeys.ETCD_PLAINTEXT_PASSWORD)) {
      return null;
    }
    for (String endpoint : settings.get(RegistryKeys.ETCD_ENDPOINTS)) {
      URI uri = URI.create(endpoint);
      if ("http".equalsIgnoreCase(uri.getScheme()) && !isThisMachine(uri.getHost())) {
        return "the agent does not log in to etcd, because the password would go to "
            + uri.getHost()
            + " over http://, where whoever is on the way can read it; use https://, or say "
            + RegistryKeys.ETCD_PLAINTEXT_PASSWORD.name()
            + "=true";
      }
    }
    return null;
  }

  /** By its looks: nobody is asked for a name here. */
  private static boolean isThisMachine(String host) {
    return host != null
        && (host.equalsIgnoreCase("localhost")
            || host.matches("127\\.\\d+\\.\\d+\\.\\d+")
            || host.equals("[::1]"));
  }
}
