package io.meshagent.core.engine;

import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.Wildcards;
import io.meshagent.core.directory.Directory;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.run.ThreadLoop;
import io.meshagent.core.telemetry.access.AccessLog;
import io.meshagent.core.telemetry.metrics.Metrics;
import io.meshagent.core.telemetry.metrics.OtlpMetrics;
import io.meshagent.core.telemetry.otlp.Collector;
import io.meshagent.core.telemetry.trace.Tracing;
import io.meshagent.core.telemetry.trace.TracingSettings;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The parts that stand before the first call. Made on the program's thread, so nothing is opened
 * here. Immutable; what the parts are is for each to say.
 */
final class Parts {

  final CurrentSettings settings;
  final ConfigSource source;
  final Identity identity;
  final Metrics metrics;
  final Tracing tracing;

  /** Null where metrics are sent nowhere. */
  final OtlpMetrics sentMetrics;

  final AccessLog accessLog;
  final Telemetry telemetry;
  final Directory directory;
  final ChannelNotes channels;
  final RunningServers servers = new RunningServers();
  final PlanCompiler plans;

  Parts(Settings start, ConfigSource source, String version) {
    this.source = source;
    this.settings = new CurrentSettings(start);
    this.identity = new Identity(settings, version, UUID.randomUUID());
    this.metrics = new Metrics(version, settings.once(Keys.METRICS_ATTEMPTS));
    this.tracing =
        Tracing.create(
            new TracingSettings(
                    settings.once(Keys.TRACING_ENDPOINT),
                    settings.once(Keys.TRACING_SAMPLING),
                    settings.once(Keys.APP_NAME),
                    settings.once(Keys.APP_VERSION),
                    identity.id())
                .by(settings.once(Keys.TRACING_PROPAGATORS)));
    this.sentMetrics = sentMetrics();
    this.accessLog = AccessLog.of(start);
    this.telemetry = new Telemetry(metrics, tracing, accessLog);
    this.channels = new ChannelNotes(this::passing, Instant::now);
    this.directory =
        new Directory(
            settings.once(RegistryKeys.DISCOVER_FIRST_WAIT).toNanos(),
            holdNanos(settings),
            ThreadLoop.named("directory"),
            identity.number(),
            discovers() ? Snapshots.of(settings) : null,
            settings.once(RegistryKeys.DISCOVER_ALLOW_ADDRESSES));
    this.plans =
        new PlanCompiler(
            start,
            telemetry,
            System::nanoTime,
            discovers() ? new DirectoryServices(directory) : name -> null);
    settings.watch(plans::recompile);
    settings.watch(next -> directory.drain(next.get(RegistryKeys.DRAINS)));
    directory.drain(start.get(RegistryKeys.DRAINS));
  }

  private OtlpMetrics sentMetrics() {
    Collector collector = tracing.collector();
    long interval = settings.once(Keys.METRICS_OTLP).toNanos();
    return collector == null || interval == 0
        ? null
        : new OtlpMetrics(metrics, collector, interval, ThreadLoop.named("otlp-metrics"));
  }

  /** Sends what is left of spans and metrics, for two seconds at most, and cuts the connection. */
  void closeTelemetry() {
    if (sentMetrics != null) {
      sentMetrics.close();
    }
    tracing.close();
  }

  /** Whether calls of the program go to discovered instances; else nobody asks the directory. */
  boolean discovers() {
    return settings.once(RegistryKeys.DISCOVER_ENABLED);
  }

  /** Why calls of a service go to their own target, whatever the channel is. */
  private String passing(String service) {
    Wildcards included = settings.once(RegistryKeys.DISCOVER_INCLUDE_SERVICES);
    if (settings.once(RegistryKeys.DISCOVER_EXCLUDE_SERVICES).matches(service)) {
      return "discover.exclude-services";
    }
    return included.patterns().isEmpty() || included.matches(service)
        ? "never looked up"
        : "discover.include-services";
  }

  /**
   * By then a living program is registered again, whatever happened to etcd: it finds out within a
   * third of its lease, and then asks again every few seconds.
   */
  private static long holdNanos(CurrentSettings settings) {
    long ttl = settings.once(RegistryKeys.REGISTRY_TTL).toNanos();
    return Math.max(ttl, TimeUnit.SECONDS.toNanos(10));
  }
}
