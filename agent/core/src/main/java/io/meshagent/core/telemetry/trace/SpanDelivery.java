package io.meshagent.core.telemetry.trace;

import io.meshagent.core.run.AgentThreads;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * OpenTelemetry's batching between ended spans and their exporter, with a count of what became of
 * each: a span is exported, dropped, or still pending. {@link #onEnd} is called on the program's
 * threads and never blocks; exporting happens on a daemon thread of the batching.
 *
 * <p>That thread takes over much of the one that makes the batching, so it is made on one of ours,
 * beside the program's, which may hold any lock just now. What ends before it is there is kept.
 *
 * <p>The batching itself drops silently. So pending spans are counted here and none is handed on
 * that would not find room.
 */
final class SpanDelivery implements SpanProcessor {

  static final int MOST_PENDING = 2_048;

  private final CountDownLatch begun = new CountDownLatch(1);

  /** Guarded by this. What ended before the batching was there. */
  private final List<ReadableSpan> early = new ArrayList<>();

  /** Null until it is there. Volatile: set by the thread that makes it, read by all others. */
  private volatile BatchSpanProcessor batches;

  private final AtomicInteger pending = new AtomicInteger();
  private final LongAdder exported = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  /** Volatile: set by the thread that closes, read by those that end spans. */
  private volatile boolean closed;

  SpanDelivery(SpanExporter exporter) {
    AgentThreads.newThread("spans-start", () -> begin(exporter)).start();
  }

  private void begin(SpanExporter exporter) {
    try {
      BatchSpanProcessor made =
          BatchSpanProcessor.builder(new CountingExporter(exporter))
              .setMaxQueueSize(MOST_PENDING)
              .setScheduleDelay(1, TimeUnit.SECONDS)
              .build();
      synchronized (this) {
        batches = made;
        early.forEach(made::onEnd);
        early.clear();
      }
    } finally {
      begun.countDown();
    }
  }

  /** The batching, or null if it does not come to be there within the time. */
  private BatchSpanProcessor batches(long timeout, TimeUnit unit) {
    try {
      boolean unused = begun.await(timeout, unit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return batches;
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
    } else if (!keepsEarly(span)) {
      batches.onEnd(span);
    }
  }

  private boolean keepsEarly(ReadableSpan span) {
    if (batches != null) {
      return false;
    }
    synchronized (this) {
      return batches == null && early.add(span);
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode forceFlush() {
    BatchSpanProcessor made = batches(1, TimeUnit.SECONDS);
    return made == null ? CompletableResultCode.ofFailure() : made.forceFlush();
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
    BatchSpanProcessor made = batches(timeout, unit);
    if (made != null) {
      made.forceFlush().join(timeout, unit);
    }
    settle(pending.get(), dropped);
    if (made != null) {
      made.shutdown();
    }
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
