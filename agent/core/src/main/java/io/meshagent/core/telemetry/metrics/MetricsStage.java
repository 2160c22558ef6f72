package io.meshagent.core.telemetry.metrics;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts and times the calls of one method on one side. Called on the program's threads; neither
 * blocks nor allocates, but for the first call of each status: simpleclient's children are resolved
 * once and kept here by the code's ordinal.
 */
final class MetricsStage implements Stage {

  private static final double SECONDS_PER_NANO = 1e-9;

  private final SideMetrics side;
  private final String method;
  private final Counter.Child started;
  private final Gauge.Child inFlight;

  /**
   * Filled without a lock: simpleclient has one child per label set and all its fields are final,
   * so whoever finds a slot empty puts the same object there.
   */
  private final Histogram.Child[] durations = new Histogram.Child[Code.values().length];

  private final Map<String, Counter.Child> refusals = new ConcurrentHashMap<>();

  MetricsStage(SideMetrics side, String method) {
    this.side = side;
    this.method = method;
    this.started = side.started.labels(method);
    this.inFlight = side.inFlight.labels(side.side.word(), method);
  }

  /**
   * Whether the method is the program's own: probes of health and reflection say nothing of use.
   */
  boolean isOfProgram() {
    return !method.startsWith("grpc.");
  }

  double begun() {
    return started.get();
  }

  double open() {
    return inFlight.get();
  }

  void addEnded(EndedCalls ended) {
    for (int i = 0; i < durations.length; i++) {
      Histogram.Child child = durations[i];
      if (child != null) {
        ended.add(child.get().buckets, i != Code.OK.ordinal());
      }
    }
  }

  /** What calls that are under way count from here on is on no page. */
  void removeSeries() {
    String word = side.side.word();
    side.started.remove(method);
    side.inFlight.remove(word, method);
    for (Code code : Code.values()) {
      side.duration.remove(method, code.name());
    }
    refusals.keySet().forEach(policy -> side.refusals.remove(word, method, policy));
  }

  @Override
  public Refusal enter(Call call) {
    started.inc();
    inFlight.inc();
    return null;
  }

  @Override
  public void leave(Call call) {
    inFlight.dec();
    duration(call.code()).observe(call.elapsedNanos() * SECONDS_PER_NANO);
    Refusal refusal = call.refusal();
    if (refusal != null) {
      refusals.computeIfAbsent(refusal.policy(), this::refusalsBy).inc();
    }
  }

  private Histogram.Child duration(Code code) {
    Histogram.Child child = durations[code.ordinal()];
    if (child == null) {
      child = side.duration.labels(method, code.name());
      durations[code.ordinal()] = child;
    }
    return child;
  }

  private Counter.Child refusalsBy(String policy) {
    return side.refusals.labels(side.side.word(), method, policy);
  }
}
