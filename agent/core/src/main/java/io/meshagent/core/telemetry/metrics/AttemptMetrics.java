package io.meshagent.core.telemetry.metrics;

import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;

/**
 * What is measured of the attempts of a client's calls, named as gRPC's proposals A66 (attempts and
 * their bytes) and A96 (how often a call was repeated) name it. Immutable.
 */
final class AttemptMetrics {

  private static final String METHOD = "grpc_method";
  private static final String STATUS = "grpc_status";

  /** Some of A66's. */
  static final double[] BYTES = {1_024, 16_384, 262_144, 4_194_304};

  /** gRPC makes five attempts at most; more are transparent. */
  private static final double[] TIMES = {1, 2, 3, 4};

  /** Whether each is measured. */
  final boolean each;

  final Counter started;
  final Histogram duration;
  final Histogram sent;
  final Histogram received;
  final Histogram retries;
  final Histogram transparent;
  final Histogram hedges;

  AttemptMetrics(Metrics metrics, boolean each) {
    this.each = each;
    started =
        metrics
            .counter(
                new MetricDescription(
                    "counter",
                    "grpc_client_attempt_started_total",
                    "Attempts of calls that have begun (metrics.attempts).",
                    METHOD))
            .create();
    metrics.register(started);
    duration =
        metrics.histogram(
            of(
                "grpc_client_attempt_duration_seconds",
                "Time from the start of an attempt to its end (metrics.attempts).",
                METHOD,
                STATUS),
            SideMetrics.SECONDS);
    sent =
        metrics.histogram(
            of(
                "grpc_client_attempt_sent_total_compressed_message_size_bytes",
                "Bytes of all messages that an attempt has sent, as compressed (metrics.attempts).",
                METHOD,
                STATUS),
            BYTES);
    received =
        metrics.histogram(
            of(
                "grpc_client_attempt_rcvd_total_compressed_message_size_bytes",
                "Bytes of all messages that an attempt has received, as compressed"
                    + " (metrics.attempts).",
                METHOD,
                STATUS),
            BYTES);
    retries =
        metrics.histogram(
            of(
                "grpc_client_call_retries",
                "Retries of a call that had some, whoever wanted them.",
                METHOD),
            TIMES);
    transparent =
        metrics.histogram(
            of(
                "grpc_client_call_transparent_retries",
                "Attempts of a call that gRPC made again because no server had seen them, where"
                    + " there were some.",
                METHOD),
            TIMES);
    hedges =
        metrics.histogram(
            of(
                "grpc_client_call_hedges",
                "Hedges of a call that had some, whoever wanted them.",
                METHOD),
            TIMES);
  }

  private static MetricDescription of(String name, String help, String... labels) {
    return new MetricDescription("histogram", name, help, labels);
  }
}
