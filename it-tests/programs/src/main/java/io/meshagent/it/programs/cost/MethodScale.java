package io.meshagent.it.programs.cost;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.management.ManagementFactory;

/**
 * What methods cost that were called once each: {@code serve}, a server of 500 of them, or {@code
 * call PORT METHODS}, a client of so many. Each prints the heap after collections: the client when
 * it has called, the server whenever it gets a line.
 */
public final class MethodScale {

  private static final String SERVICE = "shop.orders.v1.OrderService";
  private static final int METHODS = 500;

  private MethodScale() {}

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }

  private static MethodDescriptor<byte[], byte[]> method(int number) {
    return MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(SERVICE + "/PlaceOrder" + number)
        .build();
  }

  public static void main(String[] args) throws Exception {
    if (args[0].equals("serve")) {
      serve();
    } else {
      call(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    }
  }

  private static void serve() throws Exception {
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(SERVICE);
    for (int each = 0; each < METHODS; each++) {
      service.addMethod(
          method(each),
          ServerCalls.<byte[], byte[]>asyncUnaryCall(
              (request, answer) -> {
                answer.onNext(request);
                answer.onCompleted();
              }));
    }
    Server server = ServerBuilder.forPort(0).addService(service.build()).build().start();
    System.out.println(server.getPort());
    for (int read = System.in.read(); read >= 0; read = System.in.read()) {
      if (read == '\n') {
        System.out.println(heap());
      }
    }
    server.shutdownNow();
  }

  private static void call(int port, int methods) throws Exception {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    MethodDescriptor<?, ?>[] kept = new MethodDescriptor<?, ?>[methods];
    for (int each = 0; each < methods; each++) {
      MethodDescriptor<byte[], byte[]> method = method(each);
      kept[each] = method;
      byte[] unused =
          ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, new byte[0]);
    }
    System.out.println(heap());
    channel.shutdownNow();
    if (kept.length != methods) {
      throw new IllegalStateException("kept until now");
    }
  }

  private static long heap() throws Exception {
    long least = Long.MAX_VALUE;
    for (int each = 0; each < 6; each++) {
      System.gc();
      Thread.sleep(100);
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
