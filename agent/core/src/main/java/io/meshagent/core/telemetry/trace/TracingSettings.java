package io.meshagent.core.telemetry.trace;

/** What tracing has to know, as the configuration says it. Immutable. */
public final class TracingSettings {

  private final String endpoint;
  private final double samplingRatio;
  private final String appName;
  private final String appVersion;
  private final String instanceId;

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
    this.endpoint = endpoint == null || endpoint.trim().isEmpty() ? null : endpoint.trim();
    this.samplingRatio = Math.max(0, Math.min(1, samplingRatio));
    this.appName = appName;
    this.appVersion = appVersion;
    this.instanceId = instanceId;
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
