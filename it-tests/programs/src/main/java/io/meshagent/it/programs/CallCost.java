package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import com.sun.management.ThreadMXBean;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.stub.StreamObserver;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * What a unary call costs, client and server in one JVM over loopback: bytes allocated and
 * processor time of all Java threads, and time. To be run with the agent and without it in turns;
 * prints one line of key=value.
 */
public final class CallCost {

  private static final int WARM_UP = 30_000;
  private static final int ROUNDS = 5;
  private static final int CALLS = 20_000;

  private CallCost() {}

  /**
   * "header" has every call carry a header of its own, what ends with "deadline" a deadline of the
   * program's; anything else changes nothing.
   */
  public static void main(String[] args) throws Exception {
    Server server = ServerBuilder.forPort(0).addService(new Echo()).build().start();
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("localhost", server.getPort()).usePlaintext().build();
    try {
      GreeterGrpc.GreeterBlockingStub stub = GreeterGrpc.newBlockingStub(channel);
      if (args.length > 0 && args[0].equals("header")) {
        stub = stub.withInterceptors(new TraceHeader());
      }
      HelloRequest request = HelloRequest.newBuilder().setName("cost").build();
      boolean deadline = args.length > 0 && args[0].endsWith("deadline");
      call(stub, request, WARM_UP, deadline);
      long fewestBytes = Long.MAX_VALUE;
      long fewestNanos = Long.MAX_VALUE;
      long leastCpu = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        long cpu = cpuNanos();
        long bytes = allocated();
        long began = System.nanoTime();
        call(stub, request, CALLS, deadline);
        fewestNanos = Math.min(fewestNanos, System.nanoTime() - began);
        fewestBytes = Math.min(fewestBytes, allocated() - bytes);
        leastCpu = Math.min(leastCpu, cpuNanos() - cpu);
      }
      System.out.println(
          "bytes="
              + fewestBytes / CALLS
              + " micros="
              + fewestNanos / (CALLS * 1_000.0)
              + " cpu="
              + leastCpu / (CALLS * 1_000.0));
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  private static void call(
      GreeterGrpc.GreeterBlockingStub stub, HelloRequest request, int times, boolean deadline) {
    for (int i = 0; i < times; i++) {
      (deadline ? stub.withDeadlineAfter(10, TimeUnit.SECONDS) : stub).sayHello(request);
    }
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  /** Of the threads that there are; not the JIT's, nor the collector's. */
  private static long cpuNanos() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (long nanos : threads.getThreadCpuTime(threads.getAllThreadIds())) {
      sum += Math.max(0, nanos);
    }
    return sum;
  }

  /** Writes what a trace that is not sampled needs at least. */
  private static final class TraceHeader implements ClientInterceptor {

    private static final Metadata.Key<String> KEY =
        Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <A, B> ClientCall<A, B> interceptCall(
        MethodDescriptor<A, B> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<A, B>(next.newCall(method, options)) {
        @Override
        public void start(Listener<B> listener, Metadata headers) {
          headers.put(KEY, header());
          super.start(listener, headers);
        }
      };
    }

    private static String header() {
      byte[] text = new byte[55];
      ThreadLocalRandom random = ThreadLocalRandom.current();
      for (int i = 0; i < text.length; i++) {
        text[i] = (byte) ('a' + random.nextInt(6));
      }
      return new String(text, StandardCharsets.ISO_8859_1);
    }
  }

  /** Answers with what it was asked. */
  private static final class Echo extends GreeterGrpc.GreeterImplBase {

    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> answer) {
      answer.onNext(HelloReply.newBuilder().setMessage(request.getName()).build());
      answer.onCompleted();
    }
  }
}
