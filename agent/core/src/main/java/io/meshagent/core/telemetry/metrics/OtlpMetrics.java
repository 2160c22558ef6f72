package io.meshagent.core.telemetry.metrics;

import io.meshagent.core.run.TaskLoop;
import io.meshagent.core.telemetry.otlp.Collector;
import io.meshagent.core.telemetry.otlp.OtlpSender;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends all metrics to the collector again and again, and what there is at the end, by OTLP. All of
 * it is done on a loop of the agent's own, and the connection's threads. What is not taken is gone,
 * which loses nothing but a moment: the next says the same and more. While an answer is outstanding
 * nothing else is sent, but for the last.
 */
public final class OtlpMetrics implements AutoCloseable {

  /** When a request is full: collectors take 4 MB unless told otherwise. */
  private static final int MOST_VALUES = 3_000;

  private static final long CLOSE_MILLIS = 900;

  /** The first are sent by then: the connection is there when the program ends. */
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Metrics metrics;
  private final Collector collector;
  private final OtlpSender sender;
  private final long intervalNanos;
  private final TaskLoop loop;
  private final long startNanos = now();

  private final AtomicInteger outstanding = new AtomicInteger();
  private final LongAdder exported = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  /** Volatile: set by who starts it, read by who closes it. */
  private volatile boolean started;

  /**
   * Not started.
   *
   * @param loop its own; closed with this
   */
  public OtlpMetrics(Metrics metrics, Collector collector, long intervalNanos, TaskLoop loop) {
    this.metrics = metrics;
    this.collector = collector;
    this.sender = collector.sender("metrics.v1.MetricsService", "metrics");
    this.intervalNanos = intervalNanos;
    this.loop = loop;
  }

  private static long now() {
    return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
  }

  /** The first are sent when the interval has passed, or five seconds. */
  public void start() {
    started = true;
    again(Math.min(intervalNanos, FIRST_NANOS));
  }

  private void again(long delayNanos) {
    TaskLoop.Timer unused =
        loop.after(
            delayNanos,
            () -> {
              again(intervalNanos);
              if (outstanding.get() == 0) {
                send(() -> {});
              }
            });
  }

  /** Values that the collector has taken. */
  public long exported() {
    return exported.sum();
  }

  /** Values that it has not taken. */
  public long dropped() {
    return dropped.sum();
  }

  /**
   * Sends what there is.
   *
   * @param answered runs when all of it has come to something; on any thread
   */
  private void send(Runnable answered) {
    List<OtlpRequest> requests;
    List<byte[]> encoded = new ArrayList<>();
    try {
      requests = requests();
      for (OtlpRequest request : requests) {
        encoded.add(request.toBytes());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    AtomicInteger left = new AtomicInteger(encoded.size());
    outstanding.addAndGet(encoded.size());
    for (int i = 0; i < encoded.size(); i++) {
      int values = requests.get(i).values();
      sender.send(
          encoded.get(i),
          taken -> {
            (taken ? exported : dropped).add(values);
            outstanding.decrementAndGet();
            if (left.decrementAndGet() == 0) {
              answered.run();
            }
          });
    }
  }

  /** A family stays whole: what bounds methods keeps it within what a collector takes. */
  private List<OtlpRequest> requests() throws IOException {
    long now = now();
    List<OtlpRequest> requests = new ArrayList<>();
    OtlpRequest open = null;
    for (MetricFamilySamples family : metrics.families()) {
      if (open == null || open.values() >= MOST_VALUES) {
        open = new OtlpRequest(collector.resource(), startNanos, now);
        requests.add(open);
      }
      open.add(family);
    }
    return requests;
  }

  /** Sends what there is, for a second at most. */
  @Override
  public void close() {
    if (!started) {
      return;
    }
    started = false;
    CountDownLatch answered = new CountDownLatch(1);
    loop.execute(() -> send(answered::countDown));
    try {
      boolean unused = answered.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.close();
  }
}
