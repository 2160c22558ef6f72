package io.meshagent.core.registry.etcd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Where etcd is and what we do there. Immutable. */
public final class EtcdSettings {

  private final List<String> endpoints;
  private final String user;
  private final String password;
  private final String prefix;
  private final Duration ttl;

  /**
   * @param endpoints at least one, {@code http://host:port}, {@code https://host:port} or {@code
   *     host:port}
   * @param user null or empty for none
   * @param password never shown
   * @param prefix of all keys, {@code /services}
   * @param ttl how long our entries outlive us if we can't withdraw them
   */
  public EtcdSettings(
      List<String> endpoints, String user, String password, String prefix, Duration ttl) {
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("etcd needs at least one endpoint");
    }
    this.endpoints = Collections.unmodifiableList(new ArrayList<>(endpoints));
    this.user = user == null || user.isEmpty() ? null : user;
    this.password = password == null ? "" : password;
    String bare = prefix;
    while (bare.endsWith("/")) {
      bare = bare.substring(0, bare.length() - 1);
    }
    this.prefix = bare;
    this.ttl = ttl;
  }

  public List<String> endpoints() {
    return endpoints;
  }

  /** Null for none. */
  String user() {
    return user;
  }

  String password() {
    return password;
  }

  /** Without a slash at the end. */
  String prefix() {
    return prefix;
  }

  /** Whole seconds, at least one. */
  long ttlSeconds() {
    return Math.max(1, ttl.toMillis() / 1_000);
  }
}
