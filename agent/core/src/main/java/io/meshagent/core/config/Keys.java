package io.meshagent.core.config;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.meshagent.core.log.Log;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Every setting there is, defined once. Parsing, the {@code check} command, the admin page and the
 * table in {@code docs/configuration.md} all come from here.
 */
public final class Keys {

  // The agent.

  public static final Key<Boolean> ENABLED =
      Key.of("enabled", Types.bool(), "true", "Whether the agent does anything at all.");
  public static final Key<Log.Level> LOG_LEVEL =
      Key.of(
          "log.level",
          Types.oneOf(Log.Level.class),
          "warn",
          "How much the agent writes to the error stream; the line at start is left out only by"
              + " off.");

  // Who we are.

  public static final Key<String> APP_NAME =
      Key.of("app.name", Types.text(), "java", "The name of this application in the directory.")
          .defaultMeans("the main class or the jar file");
  public static final Key<String> APP_VERSION =
      Key.of("app.version", Types.text(), "", "The version of this application.");
  public static final Key<String> APP_ZONE =
      Key.of("app.zone", Types.text(), "", "The zone, rack or data centre this program runs in.");
  public static final Key<Integer> APP_WEIGHT =
      Key.of(
          "app.weight",
          Types.number(0, 10_000),
          "100",
          "The share of calls for this instance compared with the others; 0 means no new calls.");
  public static final Key<Map<String, String>> APP_LABELS =
      Key.of(
          "app.labels",
          Types.labels(),
          "",
          "Labels of this instance in the directory, as k=v,k=v.");

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

  // Policies of the client.

  public static final Key<Duration> CLIENT_TIMEOUT =
      Key.of(
              "client.timeout",
              Types.durationOrOff(ofMillis(1), ofHours(24)),
              "off",
              "The longest a call may take; an earlier deadline of the program wins.")
          .perMethod();
  public static final Key<Boolean> BREAKER_ENABLED =
      Key.of(
              "client.breaker.enabled",
              Types.bool(),
              "true",
              "Whether a method that keeps failing is refused for a while (UNAVAILABLE).")
          .perMethod();
  public static final Key<Integer> BREAKER_FAILURE_RATE =
      Key.of(
              "client.breaker.failure-rate",
              Types.percent(),
              "50",
              "The share of failed calls in the window from which on the circuit opens.")
          .perMethod();
  public static final Key<Integer> BREAKER_MINIMUM_CALLS =
      Key.of(
              "client.breaker.minimum-calls",
              Types.number(1, 100_000),
              "20",
              "The number of calls in the window below which the circuit never opens.")
          .perMethod();
  public static final Key<Duration> BREAKER_WINDOW =
      Key.of(
              "client.breaker.window",
              Types.wholeSeconds(ofSeconds(1), ofMinutes(10)),
              "10s",
              "How far back the breaker looks.")
          .perMethod();
  public static final Key<Duration> BREAKER_OPEN_FOR =
      Key.of(
              "client.breaker.open-for",
              Types.duration(ofMillis(100), ofMinutes(10)),
              "5s",
              "How long an open circuit refuses before it lets probes through.")
          .perMethod();
  public static final Key<Integer> BREAKER_PROBES =
      Key.of(
              "client.breaker.probes",
              Types.number(1, 1_000),
              "5",
              "The number of probes that decide whether the circuit closes again.")
          .perMethod();
  public static final Key<Rate> CLIENT_RATE =
      Key.of(
              "client.rate-limit.rate",
              Types.rate(),
              "off",
              "The most calls this program makes; what is above is refused (RESOURCE_EXHAUSTED)."
                  + " All calls that a setting applies to share it.")
          .perMethod();
  public static final Key<Integer> CLIENT_BURST =
      Key.of(
              "client.rate-limit.burst",
              Types.number(0, 100_000_000),
              "0",
              "The most calls that client.rate-limit.rate lets through at once.")
          .defaultMeans("0: a tenth of a second's worth, at least 1")
          .perMethod();

  // Policies of the server.

  public static final Key<Rate> SERVER_RATE =
      Key.of(
              "server.rate-limit.rate",
              Types.rate(),
              "off",
              "The most calls this program answers; what is above is refused"
                  + " (RESOURCE_EXHAUSTED). All calls that a setting applies to share it.")
          .perMethod();
  public static final Key<Integer> SERVER_BURST =
      Key.of(
              "server.rate-limit.burst",
              Types.number(0, 100_000_000),
              "0",
              "The most calls that server.rate-limit.rate lets through at once.")
          .defaultMeans("0: a tenth of a second's worth, at least 1")
          .perMethod();

  // What can be seen.

  public static final Key<Boolean> ADMIN_ENABLED =
      Key.of("admin.enabled", Types.bool(), "true", "Whether the admin page is served.");
  public static final Key<String> ADMIN_HOST =
      Key.of(
          "admin.host",
          Types.host(false),
          "127.0.0.1",
          "The address the admin page listens on; 0.0.0.0 for all.");
  public static final Key<Integer> ADMIN_PORT =
      Key.of(
          "admin.port",
          Types.number(0, 65_535),
          "9464",
          "The port of the admin page; the next free one when it is taken, any free one for 0.");
  public static final Key<String> TRACING_ENDPOINT =
      Key.of(
              "tracing.otlp.endpoint",
              Types.url(),
              "",
              "The OpenTelemetry collector that spans are sent to, OTLP over gRPC.")
          .defaultMeans("none: spans are not exported");
  public static final Key<Double> TRACING_SAMPLING =
      Key.of(
          "tracing.sampling",
          Types.fraction(),
          "1.0",
          "The share of traces begun here that is recorded; a trace that came in keeps what its"
              + " caller decided.");

  private static final List<Key<?>> ALL =
      Collections.unmodifiableList(
          Arrays.<Key<?>>asList(
              ENABLED,
              LOG_LEVEL,
              APP_NAME,
              APP_VERSION,
              APP_ZONE,
              APP_WEIGHT,
              APP_LABELS,
              ETCD_ENDPOINTS,
              ETCD_PREFIX,
              ETCD_USER,
              ETCD_PASSWORD,
              REGISTRY_TTL,
              REGISTRY_LOCAL_DIR,
              REGISTER_ENABLED,
              REGISTER_HOST,
              REGISTER_EXCLUDE,
              DISCOVER_ENABLED,
              DISCOVER_EXCLUDE_TARGETS,
              DISCOVER_FIRST_WAIT,
              CLIENT_TIMEOUT,
              BREAKER_ENABLED,
              BREAKER_FAILURE_RATE,
              BREAKER_MINIMUM_CALLS,
              BREAKER_WINDOW,
              BREAKER_OPEN_FOR,
              BREAKER_PROBES,
              CLIENT_RATE,
              CLIENT_BURST,
              SERVER_RATE,
              SERVER_BURST,
              ADMIN_ENABLED,
              ADMIN_HOST,
              ADMIN_PORT,
              TRACING_ENDPOINT,
              TRACING_SAMPLING));

  private Keys() {}

  /** All of them, in the order of the reference. */
  public static List<Key<?>> all() {
    return ALL;
  }

  /** The key of that name, or null. */
  static Key<?> named(String name) {
    for (Key<?> key : ALL) {
      if (key.name().equals(name)) {
        return key;
      }
    }
    return null;
  }
}
