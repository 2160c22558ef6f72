package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import com.sun.management.OperatingSystemMXBean;
import io.grpc.CallOptions;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerMethodDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;

/**
 * {@code Gateway next=<target> [port=0]}: a server that knows no method and hands every unary call
 * on, by the name that its caller gave it, over one channel; beside it {@code gateway.Own}, which
 * it answers itself. Says {@code port <n>}. On stdin: {@code heap} says how many bytes are in use
 * after full collections, {@code cpu} how many milliseconds of CPU the process has used, and {@code
 * quit}.
 */
public final class Gateway extends HandlerRegistry {

  private static final int COLLECTIONS = 4;

  private final ManagedChannel next;

  private Gateway(ManagedChannel next) {
    this.next = next;
  }

  public static void main(String[] args) throws IOException {
    Options options = new Options(args);
    ManagedChannel next =
        ManagedChannelBuilder.forTarget(options.text("next", "localhost:1")).usePlaintext().build();
    Server server =
        ServerBuilder.forPort(options.number("port", 0))
            .addService(Named.service("gateway.Own", new Own()))
            .fallbackHandlerRegistry(new Gateway(next))
            .build()
            .start();
    System.out.println("port " + server.getPort());
    Commands.follow(words -> System.out.println("done " + answer(words[0])));
    next.shutdownNow();
    server.shutdownNow();
  }

  private static String answer(String command) {
    switch (command) {
      case "heap":
        return Long.toString(heap());
      case "cpu":
        return Long.toString(cpuMillis());
      default:
        throw new IllegalArgumentException(command);
    }
  }

  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  private static long cpuMillis() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1_000_000;
  }

  /** As generic proxies do: both sides' descriptors are made anew for each call. */
  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String method, String authority) {
    return ServerMethodDefinition.create(
        descriptor(method),
        ServerCalls.asyncUnaryCall(
            (byte[] request, StreamObserver<byte[]> replies) ->
                ClientCalls.asyncUnaryCall(
                    next.newCall(descriptor(method), CallOptions.DEFAULT), request, replies)));
  }

  private static MethodDescriptor<byte[], byte[]> descriptor(String method) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(method)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  private static final class Own extends GreeterGrpc.GreeterImplBase {
    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
      replies.onNext(HelloReply.newBuilder().setServedBy("gateway").build());
      replies.onCompleted();
    }
  }

  /** Messages as they are on the wire. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] part = new byte[1_024];
      try {
        for (int n = stream.read(part); n >= 0; n = stream.read(part)) {
          all.write(part, 0, n);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return all.toByteArray();
    }
  }
}
