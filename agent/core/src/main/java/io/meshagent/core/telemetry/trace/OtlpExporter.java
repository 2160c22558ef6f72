package io.meshagent.core.telemetry.trace;

import io.meshagent.core.telemetry.otlp.Collector;
import io.meshagent.core.telemetry.otlp.OtlpSender;
import io.opentelemetry.exporter.internal.otlp.traces.TraceRequestMarshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;

/**
 * Sends spans by OTLP over the gRPC that the agent has for etcd anyway. Called by one thread, the
 * batching's, a batch at a time; answers come on a thread of the channel.
 *
 * <p>OpenTelemetry's marshaler is internal to it and hence bound to the version in the parent pom;
 * a test decodes what it writes.
 */
final class OtlpExporter implements SpanExporter {

  private final Collector collector;
  private final OtlpSender sender;

  /** Owns the collector. */
  OtlpExporter(Collector collector) {
    this.collector = collector;
    this.sender = collector.sender("trace.v1.TraceService", "spans");
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = new CompletableResultCode();
    try {
      sender.send(
          bytes(spans),
          taken -> {
            CompletableResultCode unused = taken ? result.succeed() : result.fail();
          });
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return result;
  }

  private static byte[] bytes(Collection<SpanData> spans) throws IOException {
    TraceRequestMarshaler request = TraceRequestMarshaler.create(spans);
    ByteArrayOutputStream out = new ByteArrayOutputStream(request.getBinarySerializedSize());
    request.writeBinaryTo(out);
    return out.toByteArray();
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    collector.close();
    return CompletableResultCode.ofSuccess();
  }
}
