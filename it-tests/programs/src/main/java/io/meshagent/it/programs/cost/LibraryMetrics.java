package io.meshagent.it.programs.cost;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.grpc.Status;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.time.Duration;

/**
 * What a program keeps for its calls of one method: how many began, are under way, and took how
 * long by their status, by simpleclient; and a limit of their rate by bucket4j. Thread-safe.
 */
final class LibraryMetrics {

  private static final int RATE = 1_000_000;
  private static final Counter STARTED =
      Counter.build("own_calls_started_total", "Calls that began.")
          .labelNames("method")
          .withoutExemplars()
          .register();
  private static final Gauge IN_FLIGHT =
      Gauge.build("own_calls_in_flight", "Calls under way.").labelNames("method").register();
  private static final Histogram DURATION =
      Histogram.build("own_call_duration_seconds", "Of calls that ended.")
          .labelNames("method", "code")
          .withoutExemplars()
          .register();

  private final String method;
  private final Counter.Child started;
  private final Gauge.Child inFlight;
  private final Bucket bucket =
      Bucket.builder()
          .addLimit(
              Bandwidth.builder().capacity(RATE).refillGreedy(RATE, Duration.ofSeconds(1)).build())
          .build();

  LibraryMetrics(String method) {
    this.method = method;
    this.started = STARTED.labels(method);
    this.inFlight = IN_FLIGHT.labels(method);
  }

  /** Whether its rate allows one more call. */
  boolean mayBegin() {
    return bucket.tryConsume(1);
  }

  void begun() {
    started.inc();
    inFlight.inc();
  }

  void ended(Status status, long nanos) {
    inFlight.dec();
    DURATION.labels(method, status.getCode().name()).observe(nanos / 1e9);
  }
}
