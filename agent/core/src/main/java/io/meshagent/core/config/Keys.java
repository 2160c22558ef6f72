package io.meshagent.core.config;

import io.meshagent.core.log.Log;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * The settings that belong to no policy and not to the registry: the agent itself, who we are, and
 * what can be seen. A key is defined once; parsing, the {@code check} command, the admin page and
 * the table in {@code docs/configuration.md} all come from there, see {@link KnownKeys}.
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

  public static final Key<Governance> GOVERNANCE =
      Key.live(
          "governance",
          Types.oneOf(Governance.class),
          "on",
          "Whether calls are governed: on; observe, which changes nothing of them and says what"
              + " policies would have done; off, which lets them pass. Servers stay registered.");

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
  public static final Key<String> ADMIN_TOKEN_FILE =
      Key.of(
              "admin.token-file",
              Types.path(),
              "",
              "The file with the token that somebody on another machine needs to see more than"
                  + " /metrics, /health, /live and /ready; made if it is not there.")
          .defaultMeans("one for this user in the JVM's temporary directory");
  public static final Key<Boolean> METRICS_ATTEMPTS =
      Key.of(
          "metrics.attempts",
          Types.bool(),
          "false",
          "Whether attempts of this program's calls are counted and timed, and their messages'"
              + " bytes added up, and those of the calls that it answers; it makes some objects"
              + " more a call.");
  public static final Key<Duration> METRICS_OTLP =
      Key.of(
          "metrics.otlp",
          Types.durationOrOff(Duration.ofSeconds(1), Duration.ofMinutes(10)),
          "1m",
          "How often metrics are sent to the collector that tracing.otlp.endpoint names, if it names"
              + " one.");
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
  public static final Key<Set<TraceFormat>> TRACING_PROPAGATORS =
      Key.of(
          "tracing.propagators",
          Types.severalOf(TraceFormat.class),
          "tracecontext",
          "The headers that tie a trace together, by OpenTelemetry's names: the first that a call"
              + " has is read, all are written; baggage goes on as it came.");
  public static final Key<Boolean> TRACING_MDC =
      Key.of(
          "tracing.mdc",
          Types.bool(),
          "false",
          "Whether trace_id and span_id are in the program's log context (SLF4J, Log4j, JBoss) while"
              + " its code handles a call.");

  private Keys() {}
}
