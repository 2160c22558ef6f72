package io.meshagent.core.telemetry.metrics;

import io.prometheus.client.Histogram;

/**
 * What is measured of the messages of a server's calls, named as gRPC's proposal A66 names it.
 * Immutable.
 */
final class ServerBytes {

  /** Whether they are. */
  final boolean each;

  final Histogram sent;
  final Histogram received;

  ServerBytes(Metrics metrics, boolean each) {
    this.each = each;
    sent =
        histogram(
            metrics,
            "grpc_server_call_sent_total_compressed_message_size_bytes",
            "has sent in answer to a call");
    received =
        histogram(
            metrics,
            "grpc_server_call_rcvd_total_compressed_message_size_bytes",
            "has received with a call");
  }

  private static Histogram histogram(Metrics metrics, String name, String what) {
    return metrics.histogram(
        new MetricDescription(
            "histogram",
            name,
            "Bytes of all messages that a server " + what + ", as compressed (metrics.attempts).",
            "grpc_method",
            "grpc_status"),
        AttemptMetrics.BYTES);
  }
}
