package io.meshagent.core.config;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import java.time.Duration;
import java.util.List;

/**
 * The settings of registry and directory: where they are, what goes there, what is taken from
 * there.
 */
public final class RegistryKeys {

  // Registry.

  public static final Key<List<String>> ETCD_ENDPOINTS =
      Key.of(
              "etcd.endpoints",
              Types.urls(),
              "",
              "The etcd cluster to register in and to discover from.")
          .defaultMeans("none: the local registry of this machine");
  public static final Key<String> ETCD_PREFIX =
      Key.of(
          "etcd.prefix",
          Types.etcdPrefix(),
          "/services",
          "The prefix of every key in etcd; programs see each other only under the same one.");
  public static final Key<String> ETCD_USER =
      Key.of("etcd.user", Types.text(), "", "The user name, where etcd asks for one.");
  public static final Key<String> ETCD_PASSWORD =
      Key.of("etcd.password", Types.secret(), "", "The password of etcd.user; shown nowhere.")
          .neverShown();
  public static final Key<Duration> REGISTRY_TTL =
      Key.of(
          "registry.ttl",
          Types.duration(ofSeconds(3), ofMinutes(10)),
          "15s",
          "How long the registration of a program that died stays in the directory.");
  public static final Key<String> REGISTRY_LOCAL_DIR =
      Key.of(
              "registry.local.dir",
              Types.path(),
              "",
              "The directory of the local registry, used when etcd.endpoints is empty.")
          .defaultMeans("one for this user in the JVM's temporary directory");

  // Registering and discovering.

  public static final Key<Boolean> REGISTER_ENABLED =
      Key.of(
          "register.enabled",
          Types.bool(),
          "true",
          "Whether servers of this program are registered.");
  public static final Key<String> REGISTER_HOST =
      Key.of(
              "register.host",
              Types.host(true),
              "",
              "The host name or address under which other programs reach this one.")
          .defaultMeans("found by the agent");
  public static final Key<Wildcards> REGISTER_EXCLUDE =
      Key.of(
          "register.exclude",
          Types.wildcards(),
          "grpc.health.v1.Health,grpc.reflection.*,grpc.channelz.*",
          "Services that are not registered.");
  public static final Key<Boolean> REGISTER_HEALTH =
      Key.of(
          "register.health",
          Types.bool(),
          "true",
          "Whether a service that the server's grpc.health.v1 calls NOT_SERVING is withdrawn until"
              + " it is SERVING.");
  public static final Key<Duration> DRAIN_DELAY =
      Key.of(
          "drain.delay",
          Types.durationOrOff(ofMillis(1), ofMinutes(5)),
          "3s",
          "How long a server that shuts down goes on answering after it was announced, so that all"
              + " clients see it; an idle one does not wait.");
  public static final Key<Duration> DRAIN_TIMEOUT =
      Key.of(
          "drain.timeout",
          Types.durationOrOff(ofMillis(1), ofMinutes(10)),
          "5s",
          "The longest that the end of the JVM then waits for calls in flight.");
  public static final Key<Boolean> DISCOVER_ENABLED =
      Key.of(
          "discover.enabled",
          Types.bool(),
          "true",
          "Whether calls of this program go to discovered instances.");
  public static final Key<Wildcards> DISCOVER_EXCLUDE_TARGETS =
      Key.of(
          "discover.exclude-targets",
          Types.wildcards(),
          "",
          "Targets whose channels are left as they are, for example dns:///billing.example:443.");
  public static final Key<Duration> DISCOVER_FIRST_WAIT =
      Key.of(
          "discover.first-wait",
          Types.durationOrOff(ofMillis(1), ofMinutes(1)),
          "3s",
          "The longest that first calls wait for the first list of the directory.");
  public static final Key<Boolean> DISCOVER_SNAPSHOT_ENABLED =
      Key.of(
          "discover.snapshot.enabled",
          Types.bool(),
          "true",
          "Whether the directory of etcd is kept on disk too, for a start while etcd can't be"
              + " reached; it is used for 24 hours.");
  public static final Key<String> DISCOVER_SNAPSHOT_DIR =
      Key.of(
              "discover.snapshot.dir",
              Types.path(),
              "",
              "The directory where it is kept; it must belong to this user alone.")
          .defaultMeans("one for this user in the JVM's temporary directory");

  private RegistryKeys() {}
}
