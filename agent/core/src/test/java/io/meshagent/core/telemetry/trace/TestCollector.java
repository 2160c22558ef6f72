package io.meshagent.core.telemetry.trace;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.meshagent.core.telemetry.otlp.BytesMarshaller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An OTLP receiver on loopback that keeps the names of the spans: in a request they are at
 * resource_spans (1), scope_spans (2), spans (2), name (5).
 */
final class TestCollector implements AutoCloseable {

  private static final String SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService";

  final List<String> names = new CopyOnWriteArrayList<>();
  private final Server server;

  TestCollector(int port, byte[] response) throws IOException {
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
            .build()
            .start();
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
