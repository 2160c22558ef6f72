package io.meshagent.core.telemetry.trace;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.meshagent.core.telemetry.otlp.BytesMarshaller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An OTLP receiver on loopback that keeps the names of the spans: in a request they are at
 * resource_spans (1), scope_spans (2), spans (2), name (5).
 */
final class TestCollector implements AutoCloseable {

  private static final String SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService";

  final List<String> names = new CopyOnWriteArrayList<>();
  private final Server server;

  TestCollector(int port, byte[] response) throws IOException {
    this(port, response, false);
  }

  private TestCollector(int port, byte[] response, boolean refusesFirst) throws IOException {
    MethodDescriptor<byte[], byte[]> export =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(SERVICE + "/Export")
            .setRequestMarshaller(new BytesMarshaller())
            .setResponseMarshaller(new BytesMarshaller())
            .build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .addService(
                ServerServiceDefinition.builder(SERVICE)
                    .addMethod(
                        export,
                        ServerCalls.asyncUnaryCall(
                            (request, observer) -> {
                              names.addAll(namesIn(request));
                              observer.onNext(response);
                              observer.onCompleted();
                            }))
                    .build())
            .intercept(new FirstConnection(refusesFirst))
            .build()
            .start();
  }

  /** Takes what comes over the second connection and each after it. */
  static TestCollector refusingOnItsFirstConnection() throws IOException {
    return new TestCollector(0, new byte[0], true);
  }

  private static final class FirstConnection implements ServerInterceptor {
    private final boolean refused;
    private final AtomicReference<SocketAddress> first = new AtomicReference<>();

    FirstConnection(boolean refused) {
      this.refused = refused;
    }

    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
      SocketAddress from = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      first.compareAndSet(null, from);
      if (refused && from.equals(first.get())) {
        call.close(Status.RESOURCE_EXHAUSTED, new Metadata());
        return new ServerCall.Listener<Q>() {};
      }
      return next.startCall(call, headers);
    }
  }

  int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static List<String> namesIn(byte[] request) {
    List<byte[]> level = List.of(request);
    for (int field : new int[] {1, 2, 2, 5}) {
      List<byte[]> next = new ArrayList<>();
      for (byte[] message : level) {
        next.addAll(children(message, field));
      }
      level = next;
    }
    List<String> names = new ArrayList<>();
    for (byte[] name : level) {
      names.add(new String(name, java.nio.charset.StandardCharsets.UTF_8));
    }
    return names;
  }

  private static List<byte[]> children(byte[] message, int field) {
    List<byte[]> children = new ArrayList<>();
    try {
      CodedInputStream in = CodedInputStream.newInstance(message);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == field) {
          children.add(in.readByteArray());
        } else {
          in.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not what the protocol says", e);
    }
    return children;
  }
}
