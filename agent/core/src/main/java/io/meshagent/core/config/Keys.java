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
 * Every setting there is, defined once, here and in {@link RegistryKeys}. Parsing, the {@code
 * check} command, the admin page and the table in {@code docs/configuration.md} all come from here.
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

  // Policies of the client.

  public static final Key<Duration> CLIENT_TIMEOUT =
      Key.live(
              "client.timeout",
              Types.durationOrOff(ofMillis(1), ofHours(24)),
              "off",
              "The longest a call may take; an earlier deadline of the program wins.")
          .perMethod();
  public static final Key<Boolean> BREAKER_ENABLED =
      Key.live(
              "client.breaker.enabled",
              Types.bool(),
              "true",
              "Whether a method that keeps failing is refused for a while (UNAVAILABLE).")
          .perMethod();
  public static final Key<Integer> BREAKER_FAILURE_RATE =
      Key.live(
              "client.breaker.failure-rate",
              Types.percent(),
              "50",
              "The share of failed calls in the window from which on the circuit opens.")
          .perMethod();
  public static final Key<Integer> BREAKER_MINIMUM_CALLS =
      Key.live(
              "client.breaker.minimum-calls",
              Types.number(1, 100_000),
              "20",
              "The number of calls in the window below which the circuit never opens.")
          .perMethod();
  public static final Key<Duration> BREAKER_WINDOW =
      Key.live(
              "client.breaker.window",
              Types.wholeSeconds(ofSeconds(1), ofMinutes(10)),
              "10s",
              "How far back the breaker looks.")
          .perMethod();
  public static final Key<Duration> BREAKER_OPEN_FOR =
      Key.live(
              "client.breaker.open-for",
              Types.duration(ofMillis(100), ofMinutes(10)),
              "5s",
              "How long an open circuit refuses before it lets probes through; they go soon after"
                  + " the service gets its first instance.")
          .perMethod();
  public static final Key<Integer> BREAKER_PROBES =
      Key.live(
              "client.breaker.probes",
              Types.number(1, 1_000),
              "5",
              "The number of probes that decide whether the circuit closes again.")
          .perMethod();
  public static final Key<Rate> CLIENT_RATE =
      Key.live(
              "client.rate-limit.rate",
              Types.rate(),
              "off",
              "The most calls this program makes; what is above is refused (RESOURCE_EXHAUSTED)."
                  + " All calls that a setting applies to share it.")
          .perMethod();
  public static final Key<Integer> CLIENT_BURST =
      Key.live(
              "client.rate-limit.burst",
              Types.number(0, 100_000_000),
              "0",
              "The most calls that client.rate-limit.rate lets through at once.")
          .defaultMeans("0: a tenth of a second's worth, at least 1")
          .perMethod();

  // Policies of the server.

  public static final Key<Rate> SERVER_RATE =
      Key.live(
              "server.rate-limit.rate",
              Types.rate(),
              "off",
              "The most calls this program answers; what is above is refused"
                  + " (RESOURCE_EXHAUSTED). All calls that a setting applies to share it.")
          .perMethod();
  public static final Key<Integer> SERVER_BURST =
      Key.live(
              "server.rate-limit.burst",
              Types.number(0, 100_000_000),
              "0",
              "The most calls that server.rate-limit.rate lets through at once.")
          .defaultMeans("0: a tenth of a second's worth, at least 1")
          .perMethod();
  public static final Key<Boolean> SERVER_PUSHBACK =
      Key.live(
              "server.rate-limit.pushback",
              Types.bool(),
              "false",
              "Whether refusals by server.rate-limit.rate tell when to come again"
                  + " (grpc-retry-pushback-ms, spread over twice the time). gRPC's Java library"
                  + " retries whatever comes with it: only for callers that have no retry policy.")
          .perMethod();

  // What can be seen.

  public static final Key<Boolean> ADMIN_ENABLED =
      Key.of("admin.enabled", Types.bool(), "true", "Whether the admin page is served.");
  public static final Key<String> ADMIN_HOST =
      Key.of(
          "admin.host",
          PlaceTypes.host(false),
          "127.0.0.1",
          "The address the admin page listens on; 0.0.0.0 for all.");
  public static final Key<Integer> ADMIN_PORT =
      Key.of(
          "admin.port",
          Types.number(0, 65_535),
          "26464",
          "The port of the admin page; any free one when it is taken, and for 0.");
  public static final Key<String> TRACING_ENDPOINT =
      Key.of(
              "tracing.otlp.endpoint",
              PlaceTypes.url(),
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
              RegistryKeys.DISCOVER_FIRST_WAIT,
              RegistryKeys.DISCOVER_FALLBACK,
              RegistryKeys.DISCOVER_ALLOW_ADDRESSES,
              RegistryKeys.DISCOVER_MAX_OF_SERVICE,
              RegistryKeys.DISCOVER_MAX_INSTANCES,
              RegistryKeys.DISCOVER_MAX_MEGABYTES,
              RegistryKeys.DISCOVER_SNAPSHOT_ENABLED,
              RegistryKeys.DISCOVER_SNAPSHOT_DIR,
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
              SERVER_PUSHBACK,
              RegistryKeys.DRAIN_DELAY,
              RegistryKeys.DRAIN_TIMEOUT,
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
