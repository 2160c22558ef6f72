package io.meshagent.core.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every key there is, in the order of the reference: those of {@link Keys}, {@link RegistryKeys},
 * {@link ConsoleKeys} and {@link PoolKeys}, and amidst them those that the policies bring. Made by
 * who knows the policies, and handed to whoever reads settings. Immutable.
 */
public final class KnownKeys {

  private static final List<Key<?>> BEFORE_POLICIES =
      Arrays.<Key<?>>asList(
          Keys.ENABLED,
          Keys.LOG_LEVEL,
          Keys.GOVERNANCE,
          Keys.APP_NAME,
          Keys.APP_VERSION,
          Keys.APP_ZONE,
          Keys.APP_WEIGHT,
          Keys.APP_LABELS,
          RegistryKeys.ETCD_ENDPOINTS,
          RegistryKeys.ETCD_PREFIX,
          RegistryKeys.ETCD_USER,
          RegistryKeys.ETCD_PASSWORD,
          RegistryKeys.ETCD_PASSWORD_FILE,
          RegistryKeys.ETCD_PLAINTEXT_PASSWORD,
          RegistryKeys.ETCD_NAMESPACE,
          RegistryKeys.ETCD_TLS_CA,
          RegistryKeys.ETCD_TLS_CERT,
          RegistryKeys.ETCD_TLS_KEY,
          RegistryKeys.ETCD_TLS_SERVER_NAME,
          RegistryKeys.REGISTRY_READ,
          RegistryKeys.REGISTRY_WRITE,
          RegistryKeys.REGISTRY_GO_ZERO_PREFIX,
          RegistryKeys.REGISTRY_KRATOS_NAMESPACE,
          RegistryKeys.REGISTRY_TTL,
          RegistryKeys.REGISTRY_LOCAL_DIR,
          RegistryKeys.REGISTER_ENABLED,
          RegistryKeys.REGISTER_HOST,
          RegistryKeys.REGISTER_PORT,
          RegistryKeys.REGISTER_EXCLUDE,
          RegistryKeys.REGISTER_HEALTH,
          RegistryKeys.DISCOVER_ENABLED,
          RegistryKeys.DISCOVER_EXCLUDE_TARGETS,
          RegistryKeys.DISCOVER_INCLUDE_TARGETS,
          RegistryKeys.DISCOVER_INCLUDE_SERVICES,
          RegistryKeys.DISCOVER_EXCLUDE_SERVICES,
          RegistryKeys.DISCOVER_MAP,
          RegistryKeys.DISCOVER_KEEP_ADDRESSED,
          RegistryKeys.DISCOVER_FIRST_WAIT,
          RegistryKeys.DISCOVER_FALLBACK,
          RegistryKeys.DISCOVER_ALLOW_ADDRESSES,
          RegistryKeys.DISCOVER_MAX_OF_SERVICE,
          RegistryKeys.DISCOVER_MAX_INSTANCES,
          RegistryKeys.DISCOVER_MAX_MEGABYTES,
          RegistryKeys.DISCOVER_SNAPSHOT_ENABLED,
          RegistryKeys.DISCOVER_SNAPSHOT_DIR,
          RegistryKeys.DOCUMENTS_ENABLED,
          RegistryKeys.DOCUMENTS_PREFIX,
          PoolKeys.CONNECTIONS_PER_INSTANCE,
          PoolKeys.MAX_IDLE);

  private static final List<Key<?>> AFTER_POLICIES =
      Arrays.<Key<?>>asList(
          RegistryKeys.DRAINS,
          RegistryKeys.DRAIN_DELAY,
          RegistryKeys.DRAIN_TIMEOUT,
          Keys.ADMIN_ENABLED,
          Keys.ADMIN_HOST,
          Keys.ADMIN_PORT,
          Keys.ADMIN_TOKEN_FILE,
          ConsoleKeys.PUBLISH,
          Keys.METRICS_ATTEMPTS,
          Keys.METRICS_OTLP,
          Keys.TRACING_ENDPOINT,
          Keys.TRACING_SAMPLING,
          Keys.TRACING_PROPAGATORS,
          Keys.TRACING_MDC);

  private final List<Key<?>> all;
  private final Map<String, Key<?>> byName = new HashMap<>();

  private KnownKeys(List<Key<?>> all) {
    this.all = Collections.unmodifiableList(all);
    all.forEach(key -> byName.put(key.name(), key));
  }

  /**
   * These and the agent's own.
   *
   * @param policies what policies are told; for readers those with the same name up to the last dot
   *     stand together, in the order of the alphabet
   */
  public static KnownKeys with(Collection<Key<?>> policies) {
    List<Key<?>> sorted = new ArrayList<>(policies);
    sorted.sort(Comparator.comparing(KnownKeys::group));
    List<Key<?>> all = new ArrayList<>(BEFORE_POLICIES);
    all.addAll(sorted);
    all.addAll(AFTER_POLICIES);
    all.addAll(LogKeys.all());
    return new KnownKeys(all);
  }

  private static String group(Key<?> key) {
    int dot = key.name().lastIndexOf('.');
    return dot < 0 ? key.name() : key.name().substring(0, dot);
  }

  /** All of them, in the order of the reference. */
  public List<Key<?>> all() {
    return all;
  }

  /** The key of that name, or null. */
  Key<?> named(String name) {
    return byName.get(name);
  }
}
