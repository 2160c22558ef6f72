package io.meshagent.core.engine;

import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.EntryWriter;
import io.meshagent.core.registry.etcd.EtcdSettings;
import io.meshagent.core.registry.etcd.EtcdTls;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;

/** What the configuration says of etcd, for the registry. Stateless. */
final class EtcdFromSettings {

  private EtcdFromSettings() {}

  /**
   * @param jvm what no other JVM has
   */
  static EtcdSettings of(Settings settings, String jvm) {
    boolean logsIn = mayLogIn(settings);
    return new EtcdSettings(
            settings.get(RegistryKeys.ETCD_ENDPOINTS),
            logsIn ? settings.get(RegistryKeys.ETCD_USER) : "",
            logsIn ? settings.get(RegistryKeys.ETCD_PASSWORD) : "",
            settings.get(RegistryKeys.ETCD_PREFIX),
            settings.get(RegistryKeys.REGISTRY_TTL))
        .withPasswordFile(logsIn ? settings.get(RegistryKeys.ETCD_PASSWORD_FILE) : "")
        .withTls(
            new EtcdTls(
                settings.get(RegistryKeys.ETCD_TLS_CA),
                settings.get(RegistryKeys.ETCD_TLS_CERT),
                settings.get(RegistryKeys.ETCD_TLS_KEY),
                settings.get(RegistryKeys.ETCD_TLS_SERVER_NAME)))
        .withNamespace(settings.get(RegistryKeys.ETCD_NAMESPACE))
        .withFormats(settings.get(RegistryKeys.REGISTRY_READ), writer(settings, jvm));
  }

  /** One endpoint is enough: which one is asked is not known. */
  static boolean mayLogIn(Settings settings) {
    boolean secret =
        !settings.get(RegistryKeys.ETCD_PASSWORD).isEmpty()
            || !settings.get(RegistryKeys.ETCD_PASSWORD_FILE).isEmpty();
    if (!secret || settings.get(RegistryKeys.ETCD_PLAINTEXT_PASSWORD)) {
      return true;
    }
    for (String endpoint : settings.get(RegistryKeys.ETCD_ENDPOINTS)) {
      URI uri = URI.create(endpoint);
      if ("http".equalsIgnoreCase(uri.getScheme()) && !isThisMachine(uri.getHost())) {
        Log.warn(
            "the agent does not log in to etcd, because the password would go to "
                + uri.getHost()
                + " over http://, where whoever is on the way can read it; use https://, or say"
                + " etcd.allow-plaintext-password=true");
        return false;
      }
    }
    return true;
  }

  /** By its looks: nobody is asked for a name here. */
  private static boolean isThisMachine(String host) {
    return host != null
        && (host.equalsIgnoreCase("localhost")
            || host.matches("127\\.\\d+\\.\\d+\\.\\d+")
            || host.equals("[::1]"));
  }

  private static EntryWriter writer(Settings settings, String jvm) {
    Map<EntryFormat, String> prefixes = new EnumMap<>(EntryFormat.class);
    prefixes.put(EntryFormat.ETCD, settings.get(RegistryKeys.ETCD_PREFIX));
    prefixes.put(EntryFormat.GO_ZERO, settings.get(RegistryKeys.REGISTRY_GO_ZERO_PREFIX));
    prefixes.put(EntryFormat.KRATOS, settings.get(RegistryKeys.REGISTRY_KRATOS_NAMESPACE));
    return new EntryWriter(
        settings.get(RegistryKeys.REGISTRY_WRITE),
        prefixes,
        settings.get(RegistryKeys.REGISTRY_READ),
        jvm);
  }
}
