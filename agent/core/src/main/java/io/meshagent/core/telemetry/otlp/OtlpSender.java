package io.meshagent.core.telemetry.otlp;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Sends one kind of things to a {@link Collector}, encoded by whoever has them. What is not taken
 * is gone: what it costs to keep it is better spent on the program. Thread-safe; nothing blocks.
 */
public final class OtlpSender {

  private static final long DEADLINE_SECONDS = 10;

  /** After so many failures in a row the connection itself may be what is broken. */
  private static final int MOST_FAILURES = 5;

  private final Collector collector;
  private final MethodDescriptor<byte[], byte[]> export;
  private final String noun;
  private final Consumer<String> warn;

  /** Whether the last was refused or lost; told once when it changes. */
  private final AtomicBoolean troubled = new AtomicBoolean();

  /** In a row. */
  private final AtomicInteger failures = new AtomicInteger();

  OtlpSender(Collector collector, String service, String noun, Consumer<String> warn) {
    this.collector = collector;
    this.noun = noun;
    this.warn = warn;
    this.export =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("opentelemetry.proto.collector." + service + "/Export")
            .setRequestMarshaller(new BytesMarshaller())
            .setResponseMarshaller(new BytesMarshaller())
            .build();
  }

  /**
   * Sends a request.
   *
   * @param done is told once whether all of it was taken, on a thread of the connection or, if it
   *     could not be sent, at once
   */
  public void send(byte[] request, Consumer<Boolean> done) {
    try {
      ManagedChannel channel = collector.channel();
      if (channel == null) {
        done.accept(false);
        return;
      }
      if (troubled.get()) {
        // Or the collector would be tried again only when gRPC's own pause, up to two minutes,
        // ends.
        channel.resetConnectBackoff();
        if (failures.get() >= MOST_FAILURES) {
          // A peer may refuse whatever comes on a connection that it keeps open; a new one is made.
          failures.set(0);
          channel.enterIdle();
        }
      }
      CallOptions options =
          CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
      ClientCalls.asyncUnaryCall(channel.newCall(export, options), request, new Outcome(done));
    } catch (IOException | RuntimeException | LinkageError e) {
      refused(e.toString());
      done.accept(false);
    }
  }

  private void refused(String why) {
    if (troubled.compareAndSet(false, true)) {
      warn.accept(
          "The collector "
              + collector.address()
              + " takes no "
              + noun
              + " ("
              + why
              + "); they are dropped until it does, calls are not affected."
              + " Check tracing.otlp.endpoint and the collector.");
    }
  }

  private void taken() {
    if (troubled.compareAndSet(true, false)) {
      // Who was told of the trouble is told of its end.
      warn.accept("The collector " + collector.address() + " takes " + noun + " again.");
    }
  }

  /** What became of one request. Called on a thread of the channel. */
  private final class Outcome implements StreamObserver<byte[]> {

    private final Consumer<Boolean> done;
    private boolean partial;

    Outcome(Consumer<Boolean> done) {
      this.done = done;
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
      failures.incrementAndGet();
      refused(reason(Status.fromThrowable(cause)));
      done.accept(false);
    }

    @Override
    public void onCompleted() {
      failures.set(0);
      if (!partial) {
        taken();
      }
      done.accept(!partial);
    }
  }

  /** gRPC's own description of a refused connection is no more than "io exception". */
  private static String reason(Status status) {
    Throwable cause = status.getCause();
    String detail = cause == null ? status.getDescription() : cause.getMessage();
    return status.getCode() + (detail == null ? "" : ": " + detail);
  }

  /**
   * Why some was rejected, or null: {@code partial_success} is field 1 of the response, in it how
   * many is 1 and {@code error_message} is 2.
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
