package io.meshagent.core.telemetry.trace;

import io.meshagent.core.config.TraceFormat;
import java.util.Collection;
import java.util.Collections;

/** What tracing has to know, as the configuration says it. Immutable. */
public final class TracingSettings {

  private final String endpoint;
  private final double samplingRatio;
  private final String appName;
  private final String appVersion;
  private final String instanceId;
  private final Collection<TraceFormat> formats;

  /**
   * All of them at once.
   *
   * @param endpoint where the OTLP collector listens, {@code http://host:4317} or {@code
   *     https://…}; null or empty for no spans of our own
   * @param samplingRatio the share of traces that begin here and are sampled, from 0 to 1
   * @param appVersion may be null
   * @param instanceId may be null
   */
  public TracingSettings(
      String endpoint, double samplingRatio, String appName, String appVersion, String instanceId) {
    this(endpoint, samplingRatio, appName, appVersion, instanceId, Collections.emptySet());
  }

  private TracingSettings(
      String endpoint,
      double samplingRatio,
      String appName,
      String appVersion,
      String instanceId,
      Collection<TraceFormat> formats) {
    this.formats = formats;
    this.endpoint = endpoint == null || endpoint.trim().isEmpty() ? null : endpoint.trim();
    this.samplingRatio = Math.max(0, Math.min(1, samplingRatio));
    this.appName = appName;
    this.appVersion = appVersion;
    this.instanceId = instanceId;
  }

  /**
   * The same with other headers than W3C's.
   *
   * @param headers in the order in which they are read; none for W3C's
   */
  public TracingSettings by(Collection<TraceFormat> headers) {
    return new TracingSettings(endpoint, samplingRatio, appName, appVersion, instanceId, headers);
  }

  Collection<TraceFormat> formats() {
    return formats;
  }

  /** Null if spans are not wanted. */
  String endpoint() {
    return endpoint;
  }

  double samplingRatio() {
    return samplingRatio;
  }

  String appName() {
    return appName;
  }

  String appVersion() {
    return appVersion;
  }

  String instanceId() {
    return instanceId;
  }
}
