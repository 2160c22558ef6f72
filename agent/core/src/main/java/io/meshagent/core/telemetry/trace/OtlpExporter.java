package io.meshagent.core.telemetry.trace;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.meshagent.core.config.ServerAddress;
import io.meshagent.core.log.Log;
import io.opentelemetry.exporter.internal.otlp.traces.TraceRequestMarshaler;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Sends spans by OTLP over the gRPC that the agent has for etcd anyway. Called by one thread, the
 * batching's, a batch at a time; answers come on a thread of the channel. A batch that is not taken
 * is gone: what it costs to keep spans is better spent on the program.
 *
 * <p>OpenTelemetry's marshaler is internal to it and hence bound to the version in the parent pom;
 * a test decodes what it writes.
 */
final class OtlpExporter implements SpanExporter {

  private static final long DEADLINE_SECONDS = 10;

  private static final MethodDescriptor<byte[], byte[]> EXPORT =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
          .setRequestMarshaller(new BytesMarshaller())
          .setResponseMarshaller(new BytesMarshaller())
          .build();

  private final ServerAddress collector;
  private final Consumer<String> warn;
  private final Consumer<String> inform;

  /** Whether the last batch was refused or lost; told once when it changes. */
  private final AtomicBoolean troubled = new AtomicBoolean();

  private final Object lock = new Object();
  private CollectorChannel connection; // guarded by lock
  private boolean closed; // guarded by lock

  OtlpExporter(ServerAddress collector) {
    this(collector, Log::warn, Log::info);
  }

  OtlpExporter(ServerAddress collector, Consumer<String> warn, Consumer<String> inform) {
    this.collector = collector;
    this.warn = warn;
    this.inform = inform;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = new CompletableResultCode();
    try {
      ManagedChannel channel = channel();
      if (channel == null) {
        return result.fail();
      }
      if (troubled.get()) {
        // Or the collector would be tried again only when gRPC's own pause, up to two minutes,
        // ends.
        channel.resetConnectBackoff();
      }
      CallOptions options =
          CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
      ClientCalls.asyncUnaryCall(
          channel.newCall(EXPORT, options), bytes(spans), new Outcome(result));
    } catch (IOException | RuntimeException | LinkageError e) {
      refused(e.toString());
      result.fail();
    }
    return result;
  }

  private ManagedChannel channel() throws IOException {
    synchronized (lock) {
      if (closed) {
        return null;
      }
      if (connection == null) {
        connection = new CollectorChannel(collector);
      }
      return connection.channel();
    }
  }

  private static byte[] bytes(Collection<SpanData> spans) throws IOException {
    TraceRequestMarshaler request = TraceRequestMarshaler.create(spans);
    ByteArrayOutputStream out = new ByteArrayOutputStream(request.getBinarySerializedSize());
    request.writeBinaryTo(out);
    return out.toByteArray();
  }

  private void refused(String why) {
    if (troubled.compareAndSet(false, true)) {
      warn.accept(
          "The trace collector "
              + collector
              + " takes no spans ("
              + why
              + "); they are dropped until it does, calls are not affected."
              + " Check tracing.otlp.endpoint and the collector.");
    }
  }

  private void taken() {
    if (troubled.compareAndSet(true, false)) {
      inform.accept("The trace collector " + collector + " takes spans again.");
    }
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    synchronized (lock) {
      closed = true;
      if (connection != null) {
        connection.close();
      }
    }
    return CompletableResultCode.ofSuccess();
  }

  /** What became of one batch. Called on a thread of the channel. */
  private final class Outcome implements StreamObserver<byte[]> {

    private final CompletableResultCode result;
    private boolean partial;

    Outcome(CompletableResultCode result) {
      this.result = result;
    }

    @Override
    public void onNext(byte[] response) {
      String complaint = complaint(response);
      if (complaint != null) {
        partial = true;
        refused("it rejected some: " + complaint);
      }
    }

    @Override
    public void onError(Throwable cause) {
      refused(reason(Status.fromThrowable(cause)));
      result.fail();
    }

    @Override
    public void onCompleted() {
      if (partial) {
        result.fail();
      } else {
        taken();
        result.succeed();
      }
    }
  }

  /** gRPC's own description of a refused connection is no more than "io exception". */
  private static String reason(Status status) {
    Throwable cause = status.getCause();
    String detail = cause == null ? status.getDescription() : cause.getMessage();
    return status.getCode() + (detail == null ? "" : ": " + detail);
  }

  /**
   * Why spans were rejected, or null: {@code partial_success} is field 1 of the response, in it
   * {@code rejected_spans} is 1 and {@code error_message} is 2.
   */
  private static String complaint(byte[] response) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(response);
      long rejected = 0;
      String message = "";
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag != ((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
          in.skipField(tag);
          continue;
        }
        CodedInputStream partial = in.readBytes().newCodedInput();
        for (int inner = partial.readTag(); inner != 0; inner = partial.readTag()) {
          if (inner == ((1 << 3) | WireFormat.WIRETYPE_VARINT)) {
            rejected = partial.readInt64();
          } else if (inner == ((2 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
            message = partial.readString();
          } else {
            partial.skipField(inner);
          }
        }
      }
      return rejected > 0 ? message : null;
    } catch (IOException e) {
      return null;
    }
  }
}
