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
  private final Address address;
  private final Predicate<String> exclude;
  private final Map<String, String> metadata;
  private final long drainDelayNanos;
  private final boolean health;

  /**
   * @param enabled whether servers are published at all
   * @param address under which host and port
   * @param exclude which services, by their names, are not published
   * @param metadata what every instance says of itself, see {@link
   *     io.meshagent.core.api.Instance.Metadata}; scheme and start time are added
   * @param drainDelay how long a server that is called goes on answering after it was announced as
   *     leaving
   * @param health whether a service's registration follows what the server's health service says
   */
  public RegistrarSettings(
      boolean enabled,
      Address address,
      Predicate<String> exclude,
      Map<String, String> metadata,
      Duration drainDelay,
      boolean health) {
    this.enabled = enabled;
    this.address = address;
    this.exclude = exclude;
    this.metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    this.drainDelayNanos = drainDelay.toNanos();
    this.health = health;
  }

  /** What is said of the address to publish. Immutable. */
  public static final class Address {
    private final String host;
    private final int port;
    private final List<String> etcdHosts;

    /**
     * @param host the host to publish whatever the server is bound to; null or empty to find one
     * @param port the port to publish whatever the server is bound to; 0 for the bound one
     * @param etcdHosts the hosts of etcd's endpoints, in order; empty for the local registry
     */
    public Address(String host, int port, List<String> etcdHosts) {
      this.host = host == null || host.isEmpty() ? null : host;
      this.port = port;
      this.etcdHosts = Collections.unmodifiableList(new ArrayList<>(etcdHosts));
    }
  }

  public boolean enabled() {
    return enabled;
  }

  /** Null if the address is to be found. */
  public String host() {
    return address.host;
  }

  /** 0 for the one that the server has bound. */
  public int port() {
    return address.port;
  }

  public Map<String, String> metadata() {
    return metadata;
  }

  public List<String> etcdHosts() {
    return address.etcdHosts;
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
