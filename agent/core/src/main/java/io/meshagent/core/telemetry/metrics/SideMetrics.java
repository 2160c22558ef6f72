package io.meshagent.core.telemetry.metrics;

import io.meshagent.core.api.Side;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What is measured of the calls on one side, named as gRPC's own proposal for metrics (A66) names
 * it, and the stages that were made of it so far. Called when a plan is compiled, on any thread.
 */
final class SideMetrics {

  /**
   * Names that callers made up are kept for 100 methods that nobody answered and 1,000 that
   * somebody did, so the program's own have a thousand in any case.
   */
  static final int MOST_METHODS = 2_100;

  /**
   * Every third or so of A66's latency bounds. The agent's own page goes by all of them; of a page
   * of metrics see {@link ShownFamily}.
   */
  static final double[] SECONDS = {
    0.0001, 0.0003, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 20
  };

  final Side side;
  final Histogram duration;
  final Counter started;
  final Gauge inFlight;
  final Counter refusals;

  /** Null where there is nothing to measure. */
  final AttemptMetrics attempts;

  /** Likewise. */
  final ServerBytes bytes;

  private final Map<String, MetricsStage> stages = new ConcurrentHashMap<>();

  /** Calls of methods that were let go. */
  private final LongAdder gone = new LongAdder();

  SideMetrics(
      Side side,
      Metrics metrics,
      Gauge inFlight,
      Counter refusals,
      AttemptMetrics attempts,
      ServerBytes bytes) {
    this.side = side;
    this.attempts = attempts;
    this.bytes = bytes;
    this.inFlight = inFlight;
    this.refusals = refusals;
    duration =
        metrics.histogram(
            new MetricDescription(
                "histogram",
                "grpc_" + side.word() + "_call_duration_seconds",
                "Time from the start of a call to its end, as the " + side.word() + " sees it.",
                "grpc_method",
                "grpc_status"),
            SECONDS);
    started =
        metrics
            .counter(
                new MetricDescription(
                    "counter",
                    "grpc_" + side.word() + "_call_started_total",
                    "Calls that have begun, as the " + side.word() + " sees it.",
                    "grpc_method"))
            .create();
    metrics.register(started);
  }

  long begun() {
    return gone.sum() + sum(MetricsStage::begun);
  }

  long open() {
    return sum(MetricsStage::open);
  }

  private long sum(ToDoubleFunction<MetricsStage> value) {
    return (long)
        stages.values().stream().filter(MetricsStage::isOfProgram).mapToDouble(value).sum();
  }

  /** How those have ended so far of which a series is kept; the program's own alone. */
  EndedCalls ended() {
    EndedCalls ended = new EndedCalls(SECONDS);
    stages.values().stream()
        .filter(MetricsStage::isOfProgram)
        .forEach(stage -> stage.addEnded(ended));
    return ended;
  }

  /** The same by method. */
  Map<String, EndedCalls> endedByMethod() {
    Map<String, EndedCalls> byMethod = new HashMap<>();
    stages.forEach(
        (method, stage) -> {
          if (stage.isOfProgram()) {
            EndedCalls ended = new EndedCalls(SECONDS);
            stage.addEnded(ended);
            byMethod.put(method, ended);
          }
        });
    return byMethod;
  }

  /** How many there were of each method that is asked for, by its full name. */
  Map<String, CallCounts> counts(Predicate<String> methods) {
    Map<String, CallCounts> counts = new TreeMap<>();
    stages.forEach(
        (method, stage) -> {
          if (methods.test(method)) {
            counts.put(method, stage.counts());
          }
        });
    return counts;
  }

  /** Under contention a few methods beyond the bound may slip in, which does no harm. */
  MetricsStage stage(String method) {
    MetricsStage known = stages.get(method);
    if (known != null) {
      return known;
    }
    String label = stages.size() < MOST_METHODS ? method : Metrics.OTHER;
    return stages.computeIfAbsent(label, name -> new MetricsStage(this, name));
  }

  void letGo(String method) {
    MetricsStage stage = stages.remove(method);
    if (stage != null) {
      if (stage.isOfProgram()) {
        gone.add((long) stage.begun());
      }
      stage.removeSeries();
    }
  }
}
