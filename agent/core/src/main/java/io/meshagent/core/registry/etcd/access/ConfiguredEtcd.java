package io.meshagent.core.registry.etcd.access;

import io.meshagent.core.config.PlaintextPassword;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import java.util.List;

/** How the configuration says that etcd is reached. Stateless. */
public final class ConfiguredEtcd {

  private ConfiguredEtcd() {}

  /**
   * Endpoints, prefix, namespace, TLS, and as whom: nobody where the password {@linkplain
   * PlaintextPassword#problem may not go there}.
   *
   * @param settings with at least one endpoint
   */
  public static EtcdSettings of(Settings settings) {
    return of(settings, settings.get(RegistryKeys.ETCD_ENDPOINTS));
  }

  /** The same for some of the endpoints. */
  public static EtcdSettings of(Settings settings, List<String> endpoints) {
    boolean logsIn = PlaintextPassword.problem(settings) == null;
    return new EtcdSettings(
            endpoints,
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
        .withNamespace(settings.get(RegistryKeys.ETCD_NAMESPACE));
  }
}
