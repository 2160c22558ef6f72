package io.meshagent.core.telemetry.metrics;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.AttemptMeter;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Refusal;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.TraceId;
import io.meshagent.core.flight.Flight;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts and times the calls of one method on one side. Called on the program's threads; neither
 * blocks nor allocates, but for the first call of each status: simpleclient's children are resolved
 * once and kept here by the code's ordinal.
 */
final class MetricsStage implements Stage {

  private static final double SECONDS_PER_NANO = 1e-9;

  /** So often an example is shown at most: Prometheus looks every few seconds. */
  private static final long EXAMPLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SideMetrics side;
  private final String method;
  private final Counter.Child started;
  private final Gauge.Child inFlight;
  private final MethodAttempts attempts;

  /** Null where they are not measured. */
  private final MethodBytes bytes;

  /**
   * Filled without a lock: simpleclient has one child per label set and all its fields are final,
   * so whoever finds a slot empty puts the same object there.
   */
  private final Histogram.Child[] durations = new Histogram.Child[Code.values().length];

  private final Map<String, Counter.Child> refusals = new ConcurrentHashMap<>();

  /**
   * When the next example is wanted, by code; in terms of the clock of calls. Two threads may find
   * the same, which does no harm.
   */
  private final long[] nextExample = new long[Code.values().length];

  private final boolean[] hasExample = new boolean[Code.values().length];

  MetricsStage(SideMetrics side, String method) {
    this.side = side;
    this.method = method;
    this.started = side.started.labels(method);
    this.inFlight = side.inFlight.labels(side.side.word(), method);
    this.attempts = side.attempts == null ? null : new MethodAttempts(side.attempts, method);
    this.bytes = side.bytes == null ? null : new MethodBytes(side.bytes, method);
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

  CallCounts counts() {
    Map<String, Long> refused = new HashMap<>();
    refusals.forEach((policy, count) -> refused.put(policy, (long) count.get()));
    return new CallCounts((long) begun(), (long) open(), refused);
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
    if (attempts != null) {
      attempts.removeSeries();
    }
    if (bytes != null) {
      bytes.removeSeries();
    }
    refusals.keySet().forEach(policy -> side.refusals.remove(word, method, policy));
  }

  @Override
  public AttemptMeter meter() {
    return attempts == null ? bytes : attempts;
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
    observe(call);
    Refusal refusal = call.refusal();
    if (Flight.isOn()) {
      tell(call, refusal);
    }
    if (refusal != null) {
      refusals.computeIfAbsent(refusal.policy(), this::refusalsBy).inc();
    }
  }

  private void observe(Call call) {
    Histogram.Child duration = duration(call.code());
    long nanos = call.elapsedNanos();
    String example = example(call, call.startNanos() + nanos);
    if (example == null) {
      duration.observe(nanos * SECONDS_PER_NANO);
    } else {
      duration.observeWithExemplar(
          nanos * SECONDS_PER_NANO,
          "trace_id",
          TraceId.trace(example),
          "span_id",
          TraceId.span(example));
    }
  }

  /** The trace that stands for calls like this one, if it is recorded; null nearly always. */
  private String example(Call call, long now) {
    int code = call.code().ordinal();
    if ((hasExample[code] && now - nextExample[code] < 0) || !call.isSampled()) {
      return null;
    }
    String traceparent = call.traceparent();
    if (!TraceId.isSampled(traceparent)) {
      return null;
    }
    nextExample[code] = now + EXAMPLE_NANOS;
    hasExample[code] = true;
    return traceparent;
  }

  private void tell(Call call, Refusal refusal) {
    String word = side.side.word();
    if (refusal != null) {
      Flight.refused(
          word, call.plan().method(), call.code().name(), refusal.policy(), refusal.description());
    }
    long nanos = call.elapsedNanos();
    if (Flight.isSlow(nanos)) {
      Flight.slowCall(
          word, call.plan().method(), call.code().name(), nanos, call.peer(), call.traceparent());
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
