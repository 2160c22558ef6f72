package io.meshagent.core.engine;

import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.EntryFormat;
import io.meshagent.core.config.PlaintextPassword;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.registry.etcd.access.ConfiguredEtcd;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import io.meshagent.core.registry.format.EntryWriter;
import java.util.EnumMap;
import java.util.Map;

/** What the configuration says of etcd, for the registry. Stateless. */
final class EtcdFromSettings {

  private EtcdFromSettings() {}

  /**
   * @param jvm what no other JVM has
   */
  static EtcdSettings of(CurrentSettings settings, String jvm) {
    String problem = PlaintextPassword.problem(settings.now());
    if (problem != null) {
      Log.warn(problem);
    }
    EtcdSettings etcd =
        ConfiguredEtcd.of(settings.now())
            .withFormats(settings.once(RegistryKeys.REGISTRY_READ), writer(settings, jvm))
            .withLimits(limits(settings));
    return settings.once(RegistryKeys.DOCUMENTS_ENABLED)
        ? etcd.withDocuments(settings.once(RegistryKeys.DOCUMENTS_PREFIX))
        : etcd;
  }

  /** How much the directory may hold, whatever it is read from. */
  static DirectoryLimits limits(CurrentSettings settings) {
    return new DirectoryLimits(
        settings.once(RegistryKeys.DISCOVER_MAX_OF_SERVICE),
        settings.once(RegistryKeys.DISCOVER_MAX_INSTANCES),
        settings.once(RegistryKeys.DISCOVER_MAX_MEGABYTES));
  }

  private static EntryWriter writer(CurrentSettings settings, String jvm) {
    Map<EntryFormat, String> prefixes = new EnumMap<>(EntryFormat.class);
    prefixes.put(EntryFormat.ETCD, settings.once(RegistryKeys.ETCD_PREFIX));
    prefixes.put(EntryFormat.GO_ZERO, settings.once(RegistryKeys.REGISTRY_GO_ZERO_PREFIX));
    prefixes.put(EntryFormat.KRATOS, settings.once(RegistryKeys.REGISTRY_KRATOS_NAMESPACE));
    return new EntryWriter(
        settings.once(RegistryKeys.REGISTRY_WRITE),
        prefixes,
        settings.once(RegistryKeys.REGISTRY_READ),
        jvm);
  }
}
