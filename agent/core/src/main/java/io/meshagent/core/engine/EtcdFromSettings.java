package io.meshagent.core.engine;

import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.PlaintextPassword;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import io.meshagent.core.registry.etcd.access.EtcdTls;
import io.meshagent.core.registry.format.EntryWriter;
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
        .withFormats(settings.get(RegistryKeys.REGISTRY_READ), writer(settings, jvm))
        .withLimits(limits(settings));
  }

  /** How much the directory may hold, whatever it is read from. */
  static DirectoryLimits limits(Settings settings) {
    return new DirectoryLimits(
        settings.get(RegistryKeys.DISCOVER_MAX_OF_SERVICE),
        settings.get(RegistryKeys.DISCOVER_MAX_INSTANCES),
        settings.get(RegistryKeys.DISCOVER_MAX_MEGABYTES));
  }

  private static boolean mayLogIn(Settings settings) {
    String problem = PlaintextPassword.problem(settings);
    if (problem != null) {
      Log.warn(problem);
    }
    return problem == null;
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
