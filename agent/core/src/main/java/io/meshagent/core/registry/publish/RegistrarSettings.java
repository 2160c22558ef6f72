package io.meshagent.core.registry.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** How this program's servers are published. Immutable; every collection is copied. */
public final class RegistrarSettings {

  private final boolean enabled;
  private final String host;
  private final int port;
  private final Predicate<String> exclude;
  private final Map<String, String> metadata;
  private final List<String> etcdHosts;
  private final long drainDelayNanos;
  private final boolean health;

  /**
   * @param enabled whether servers are published at all
   * @param host the host to publish whatever the server is bound to; null or empty to find one
   * @param port the port to publish whatever the server is bound to; 0 for the bound one
   * @param exclude which services, by their names, are not published
   * @param metadata what every instance says of itself, see {@link
   *     io.meshagent.core.api.Instance.Metadata}; scheme and start time are added
   * @param etcdHosts the hosts of etcd's endpoints, in order; empty for the local registry
   * @param drainDelay how long a server that is called goes on answering after it was announced as
   *     leaving
   * @param health whether a service's registration follows what the server's health service says
   */
  public RegistrarSettings(
      boolean enabled,
      String host,
      int port,
      Predicate<String> exclude,
      Map<String, String> metadata,
      List<String> etcdHosts,
      Duration drainDelay,
      boolean health) {
    this.enabled = enabled;
    this.host = host == null || host.isEmpty() ? null : host;
    this.port = port;
    this.exclude = exclude;
    this.metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    this.etcdHosts = Collections.unmodifiableList(new ArrayList<>(etcdHosts));
    this.drainDelayNanos = drainDelay.toNanos();
    this.health = health;
  }

  public boolean enabled() {
    return enabled;
  }

  /** Null if the address is to be found. */
  public String host() {
    return host;
  }

  /** 0 for the one that the server has bound. */
  public int port() {
    return port;
  }

  public Map<String, String> metadata() {
    return metadata;
  }

  public List<String> etcdHosts() {
    return etcdHosts;
  }

  long drainDelayNanos() {
    return drainDelayNanos;
  }

  boolean followsHealth() {
    return health;
  }

  /** Whether a service may not be published. */
  boolean excludes(String service) {
    return exclude.test(service);
  }
}
