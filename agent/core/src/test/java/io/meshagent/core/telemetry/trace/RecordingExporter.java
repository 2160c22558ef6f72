package io.meshagent.core.telemetry.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Keeps what it is given, and answers as the test wants. */
final class RecordingExporter implements SpanExporter {

  final List<SpanData> spans = new CopyOnWriteArrayList<>();
  volatile Thread thread; // written by the batching's thread, read by the test's
  private final Supplier<CompletableResultCode> answer;

  RecordingExporter() {
    this(CompletableResultCode::ofSuccess);
  }

  RecordingExporter(Supplier<CompletableResultCode> answer) {
    this.answer = answer;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> batch) {
    thread = Thread.currentThread();
    spans.addAll(batch);
    return answer.get();
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
