package io.meshagent.core.cli;

import io.meshagent.bootstrap.MeshAgent;
import io.meshagent.core.api.Instance;
import io.meshagent.core.config.ConfigLoader;
import io.meshagent.core.config.PlaintextPassword;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.policy.Policies;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.ServiceChange;
import io.meshagent.core.registry.etcd.EtcdRegistry;
import io.meshagent.core.registry.etcd.access.ConfiguredEtcd;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import io.meshagent.core.registry.local.LocalRegistry;
import java.net.URISyntaxException;
import java.nio.file.Paths;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The registry as the configuration of an agent names it, read by a person: nothing is registered.
 * Thread-safe.
 */
final class MeshRegistry implements AutoCloseable, Registry.Listener {

  private static final long PATIENCE_SECONDS = 10;

  private final Registry registry;
  private final Consumer<ServiceChange> changes;
  private final CountDownLatch listed = new CountDownLatch(1);

  /** By service, then by host:port. Guarded by this. */
  private final Map<String, Map<String, Instance>> all = new TreeMap<>();

  /** Volatile: set by the registry's thread. Null while it answers. */
  private volatile String trouble;

  /**
   * @param changes told of each change after the first list, on the registry's thread
   */
  MeshRegistry(Settings settings, Consumer<ServiceChange> changes) {
    this.changes = changes;
    DirectoryLimits limits =
        new DirectoryLimits(
            settings.get(RegistryKeys.DISCOVER_MAX_OF_SERVICE),
            settings.get(RegistryKeys.DISCOVER_MAX_INSTANCES),
            settings.get(RegistryKeys.DISCOVER_MAX_MEGABYTES));
    if (settings.get(RegistryKeys.ETCD_ENDPOINTS).isEmpty()) {
      String configured = settings.get(RegistryKeys.REGISTRY_LOCAL_DIR);
      this.registry =
          new LocalRegistry(
              configured.isEmpty() ? LocalRegistry.defaultDirectory() : Paths.get(configured),
              limits);
    } else {
      EtcdSettings etcd = ConfiguredEtcd.of(settings);
      this.registry =
          new EtcdRegistry(
              etcd.withFormats(settings.get(RegistryKeys.REGISTRY_READ), etcd.writer())
                  .withLimits(limits));
    }
  }

  /** The settings as an agent would find them here. */
  static Settings settings() {
    return settings(null);
  }

  /**
   * The same with another etcd.
   *
   * @param etcd null for what the configuration says
   */
  static Settings settings(String etcd) {
    Properties system = new Properties();
    system.putAll(System.getProperties());
    if (etcd != null) {
      system.setProperty("mesh." + RegistryKeys.ETCD_ENDPOINTS.name(), etcd);
    }
    try {
      return ConfigLoader.load(
          Policies.keys(), null, MeshAgent.jarFile().toPath(), System.getenv(), system);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Begins, and waits for the first list.
   *
   * @return why there is none, a sentence; null if it is there
   */
  String start(Settings settings) {
    String plaintext = PlaintextPassword.problem(settings);
    if (plaintext != null) {
      return plaintext + ".";
    }
    registry.start(this);
    try {
      if (listed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return null;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String why = trouble;
    return registry.describe() + " does not answer" + (why == null ? "." : ": " + why + ".");
  }

  /** For people. */
  String describe() {
    return registry.describe();
  }

  /** The instances by service and host:port. */
  synchronized Map<String, Map<String, Instance>> all() {
    Map<String, Map<String, Instance>> copy = new TreeMap<>();
    all.forEach((service, instances) -> copy.put(service, new TreeMap<>(instances)));
    return copy;
  }

  @Override
  public void listed(Map<String, List<Instance>> services) {
    boolean first = listed.getCount() > 0;
    Map<String, Map<String, Instance>> before = all();
    Map<String, Map<String, Instance>> now = new TreeMap<>();
    services.forEach(
        (service, instances) ->
            now.put(service, new TreeMap<>(ServiceChange.byHostPort(instances))));
    synchronized (this) {
      all.clear();
      all.putAll(now);
    }
    trouble = null;
    listed.countDown();
    if (!first) {
      TreeMap<String, Map<String, Instance>> names = new TreeMap<>(before);
      names.putAll(now);
      for (String service : names.keySet()) {
        ServiceChange change =
            ServiceChange.between(
                service,
                before.getOrDefault(service, new TreeMap<>()).values(),
                now.getOrDefault(service, new TreeMap<>()).values());
        if (change != null) {
          changes.accept(change);
        }
      }
    }
  }

  @Override
  public void changed(List<ServiceChange> some) {
    trouble = null;
    for (ServiceChange change : some) {
      changes.accept(change);
      synchronized (this) {
        Map<String, Instance> of = all.computeIfAbsent(change.service(), unused -> new TreeMap<>());
        change.gone().forEach(of::remove);
        change.present().forEach(each -> of.put(each.hostPort(), each));
        if (of.isEmpty()) {
          all.remove(change.service());
        }
      }
    }
  }

  /** The one that was there before the change that is told of; null if none was. */
  synchronized Instance before(String service, String hostPort) {
    Map<String, Instance> of = all.get(service);
    return of == null ? null : of.get(hostPort);
  }

  @Override
  public void unreachable(String why) {
    trouble = why;
  }

  @Override
  public boolean calls(String service) {
    return true;
  }

  @Override
  public void close() {
    registry.close();
  }
}
