package io.meshagent.core.balance;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * What this JVM has seen of one instance lately, over all channels: what balancers compare and
 * ejection judges by. Written by gRPC's transport threads as attempts begin and end, read by every
 * pick. Thread-safe without a lock: two attempts that end at the same moment may lose one sample of
 * latency, never a count of what is in flight.
 *
 * <p>Latency is Finagle's peak EWMA (finagle-core, {@code PeakEwma}, 10 s): a sample above the mean
 * counts at once, one below it by as much time as has passed, and what nobody has confirmed fades,
 * so that an instance which was slow is tried again. Of the first five answers the quickest counts:
 * those of a cold JVM pay for connections and the loading of classes, and an instance that is taken
 * for slow because of them would hardly be called again. An instance that fails quickly is not
 * fast: a failed attempt never lowers the latency, and balancers compare the share of failures
 * before they compare loads, as go-zero's p2c does.
 */
final class InstanceStatistics {

  /** How long a sample matters: after this time 37 % of it are left. */
  static final long DECAY_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How much of the share of failures one attempt makes up. */
  private static final double GAIN = 0.1;

  private static final double MOST = 0.5;

  /** go-zero's p2c takes an instance that was left out for a second; half as much is enough. */
  private static final long DUE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** What is too busy to answer looks twice as slow as it was. */
  private static final double OVERLOAD_FACTOR = 2;

  /** Answers of which only the quickest counts. */
  private static final int FIRST = 5;

  private static final AtomicIntegerFieldUpdater<InstanceStatistics> IN_FLIGHT =
      AtomicIntegerFieldUpdater.newUpdater(InstanceStatistics.class, "inFlight");

  /**
   * Volatile: counted by {@link #IN_FLIGHT}, and no object of its own: of ten thousand instances a
   * pick finds nothing in the processor's caches, and each object costs it a way to the memory.
   */
  private volatile int inFlight;

  /** Volatile, as the next two: written as attempts end, read by picks. 0 before the first. */
  private volatile double latencyNanos;

  private volatile double failing;

  private volatile long sampledNanos;

  /** Up to {@link #FIRST}. Volatile as those; of two answers at once one may not be counted. */
  private volatile int answers;

  /** An attempt was sent, or is about to be. */
  void began() {
    IN_FLIGHT.incrementAndGet(this);
  }

  /** An attempt that {@link #began} has ended, however. */
  void ended() {
    IN_FLIGHT.decrementAndGet(this);
  }

  /**
   * The instance answered: a unary call with its end, a stream with its first message.
   *
   * @param tookNanos since the attempt was sent
   */
  void answered(long tookNanos, long nowNanos) {
    if (answers < FIRST) {
      int before = answers;
      answers = before + 1;
      double quickest =
          before == 0 ? (double) tookNanos : Math.min((double) tookNanos, latencyAt(nowNanos));
      sample(0, 0, nowNanos);
      latencyNanos = quickest;
    } else {
      sample((double) tookNanos, 0, nowNanos);
    }
  }

  /** The instance failed the attempt, or the way to it did. */
  void failed(long tookNanos, long nowNanos) {
    sample(Math.max((double) tookNanos, latencyAt(nowNanos)), 1, nowNanos);
  }

  /** The instance has too much to do: that speaks against more calls now, not against it. */
  void refusedForLoad(long tookNanos, long nowNanos) {
    sample(Math.max((double) tookNanos, OVERLOAD_FACTOR * latencyAt(nowNanos)), failing, nowNanos);
  }

  /** It was ejected and is back: what it failed before is not held against it. */
  void forgiven() {
    failing = 0;
  }

  private void sample(double nanos, double failure, long nowNanos) {
    double kept = kept(nowNanos);
    double faded = latencyNanos * kept;
    latencyNanos = nanos > faded ? nanos : faded + (1 - kept) * nanos;
    double failed = failing * kept;
    failing = Math.min(1, failed + GAIN * (failure - failed));
    sampledNanos = nowNanos;
  }

  /** How much of what was known before is left: 1 for what is fresh, then less and less. */
  private double kept(long nowNanos) {
    double passed = Math.max(0, nowNanos - sampledNanos) / (double) DECAY_NANOS;
    // As good as exp(-passed) here, and several times as quick; picks do this twice.
    return 1 / (1 + passed + passed * passed / 2 + passed * passed * passed / 6);
  }

  double latencyAt(long nowNanos) {
    return latencyNanos * kept(nowNanos);
  }

  /** Whether it has not been heard of for so long that its latency may be another one by now. */
  boolean isDue(long nowNanos) {
    return latencyNanos > 0 && nowNanos - sampledNanos > DUE_NANOS && inFlight == 0;
  }

  /** Attempts that are under way. */
  int inFlight() {
    return inFlight;
  }

  /** The latency that balancers go by, nanoseconds; 0 if nothing was answered yet. For people. */
  double latencyNanos() {
    return latencyNanos;
  }

  /** What is seen of it, for people. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("in flight", inFlight());
    facts.put("latency ms", Math.round(latencyNanos() / 1e4) / 1e2);
    facts.put("failing %", Math.round(100 * failing()));
    return facts;
  }

  /** The share of failures among the last attempts, 0 to 1. */
  double failing() {
    return failing;
  }

  /** Whether most of its last attempts failed. */
  boolean isFailing(long nowNanos) {
    return failing > MOST && failingAt(nowNanos) > MOST;
  }

  /** The share of failures among the last attempts; what nobody has confirmed fades. */
  double failingAt(long nowNanos) {
    return failing == 0 ? 0 : failing * kept(nowNanos);
  }

  /**
   * How long one more attempt would take to be answered, as far as can be told: latency times what
   * is in flight for each unit of weight.
   *
   * @param weight of the instance, 1 on the average
   */
  double load(double weight, long nowNanos) {
    double latency = latencyAt(nowNanos);
    double busy = inFlight / weight;
    if (latency == 0) {
      // Nothing is known: it gets one attempt, and others only when all are like that.
      return busy == 0 ? 0 : UNKNOWN_LOAD + busy;
    }
    return latency * (1 + busy);
  }

  /** More than any known load: an hour. */
  private static final double UNKNOWN_LOAD = TimeUnit.HOURS.toNanos(1);
}
