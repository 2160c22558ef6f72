package com.example.traced;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The spans that have ended. Thread-safe. */
final class Ended implements SpanProcessor {

  private final List<SpanData> spans = new CopyOnWriteArrayList<>();

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    // Only the end counts.
  }

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    spans.add(span.toSpanData());
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  /**
   * Each span of a trace as {@code name<parent's name}, sorted, once there are so many; what there
   * is if that takes more than ten seconds.
   */
  List<String> tree(String trace, int due) throws InterruptedException {
    long end = System.nanoTime() + 10_000_000_000L;
    while (of(trace).size() < due && System.nanoTime() - end < 0) {
      Thread.sleep(5);
    }
    List<SpanData> all = of(trace);
    Map<String, String> names = new HashMap<>();
    all.forEach(span -> names.put(span.getSpanId(), span.getName()));
    return all.stream()
        .map(span -> span.getName() + "<" + names.getOrDefault(span.getParentSpanId(), "none"))
        .sorted()
        .toList();
  }

  private List<SpanData> of(String trace) {
    return spans.stream().filter(span -> span.getTraceId().equals(trace)).toList();
  }
}
