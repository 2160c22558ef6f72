package io.meshagent.core.telemetry;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * OpenTelemetry's batching between ended spans and their exporter, with a count of what became of
 * each: a span is exported, dropped, or still pending. {@link #onEnd} is called on the program's
 * threads and never blocks; exporting happens on a daemon thread of the batching.
 *
 * <p>The batching itself drops silently. So pending spans are counted here and none is handed on
 * that would not find room.
 */
final class SpanDelivery implements SpanProcessor {

  static final int MOST_PENDING = 2_048;

  private final BatchSpanProcessor batches;
  private final AtomicInteger pending = new AtomicInteger();
  private final LongAdder exported = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  /** Volatile: set by the thread that closes, read by those that end spans. */
  private volatile boolean closed;

  SpanDelivery(SpanExporter exporter) {
    batches =
        BatchSpanProcessor.builder(new CountingExporter(exporter))
            .setMaxQueueSize(MOST_PENDING)
            .setScheduleDelay(1, TimeUnit.SECONDS)
            .build();
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (closed) {
      dropped.increment();
    } else if (pending.incrementAndGet() > MOST_PENDING) {
      pending.decrementAndGet();
      dropped.increment();
    } else {
      batches.onEnd(span);
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode forceFlush() {
    return batches.forceFlush();
  }

  long exported() {
    return exported.sum();
  }

  long dropped() {
    return dropped.sum();
  }

  /** Sends what is pending; what has not arrived when the time is over is dropped. */
  void close(long timeout, TimeUnit unit) {
    if (closed) {
      return;
    }
    closed = true;
    batches.forceFlush().join(timeout, unit);
    settle(pending.get(), dropped);
    batches.shutdown();
  }

  /** Takes spans off the pending ones. The first to tell of them wins: an export or the close. */
  private void settle(int spans, LongAdder counter) {
    int before = pending.getAndUpdate(count -> Math.max(0, count - spans));
    counter.add(Math.min(spans, before));
  }

  /** The exporter as the batching sees it. Called on the batching's thread, a batch at a time. */
  private final class CountingExporter implements SpanExporter {

    private static final String THREAD_NAME = "mesh-agent-spans";

    private final SpanExporter exporter;

    CountingExporter(SpanExporter exporter) {
      this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      adopt(Thread.currentThread());
      int count = spans.size();
      CompletableResultCode result;
      try {
        result = exporter.export(spans);
      } catch (RuntimeException | LinkageError e) {
        result = CompletableResultCode.ofExceptionalFailure(e);
      }
      CompletableResultCode outcome = result;
      return outcome.whenComplete(() -> settle(count, outcome.isSuccess() ? exported : dropped));
    }

    /** The batching takes no thread factory, so its thread becomes one like our others here. */
    private void adopt(Thread thread) {
      if (!thread.getName().equals(THREAD_NAME)) {
        thread.setName(THREAD_NAME);
        thread.setContextClassLoader(SpanDelivery.class.getClassLoader());
      }
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }
}
