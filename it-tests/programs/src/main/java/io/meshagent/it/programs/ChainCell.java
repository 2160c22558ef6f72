package io.meshagent.it.programs;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A chain in one JVM, for a trace: a client with a dead target, {@code chain.Front}, which calls
 * {@code chain.Back}. Says {@code port <n>}. On stdin {@code unary} and {@code stream} make a call
 * and say {@code done <who answered>}, after a line {@code headers <method> <name>=<value> …} with
 * all that arrived at each server; {@code quit} ends in order.
 */
public final class ChainCell {

  private static final String FRONT = "chain.Front";
  private static final String BACK = "chain.Back";

  private ChainCell() {}

  public static void main(String[] args) throws Exception {
    ManagedChannel channel = ManagedChannelBuilder.forTarget("localhost:1").usePlaintext().build();
    Server server =
        ServerBuilder.forPort(0)
            .addService(Named.service(FRONT, new ChainServer.Front(channel, BACK)))
            .addService(Named.service(BACK, new FlakyGreeter("back", 0)))
            .intercept(new HeaderDump())
            .build()
            .start();
    System.out.println("port " + server.getPort());
    Commands.follow(
        words -> {
          if (words[0].equals("unary")) {
            System.out.println("done " + unary(channel));
          } else {
            System.out.println("done " + stream(channel));
          }
        });
    channel.shutdown().awaitTermination(5, TimeUnit.SECONDS);
    server.shutdown().awaitTermination(10, TimeUnit.SECONDS);
    System.out.println("ended " + (channel.isTerminated() && server.isTerminated()));
  }

  private static String unary(ManagedChannel channel) {
    HelloRequest request = HelloRequest.newBuilder().setName("chain").build();
    return ClientCalls.blockingUnaryCall(
            channel,
            Named.sayHello(FRONT),
            CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
            request)
        .getServedBy();
  }

  private static String stream(ManagedChannel channel) throws Exception {
    CompletableFuture<String> answer = new CompletableFuture<>();
    StreamObserver<HelloRequest> requests =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(Named.chat(FRONT), CallOptions.DEFAULT), new Collecting(answer));
    for (int i = 0; i < 3; i++) {
      requests.onNext(HelloRequest.newBuilder().setName("chain").build());
    }
    requests.onCompleted();
    return answer.get(20, TimeUnit.SECONDS);
  }

  /** Who sent the messages of a stream, and how many. */
  private static final class Collecting implements StreamObserver<HelloReply> {
    private final CompletableFuture<String> answer;
    private final List<String> servers = new ArrayList<>();

    Collecting(CompletableFuture<String> answer) {
      this.answer = answer;
    }

    @Override
    public void onNext(HelloReply reply) {
      servers.add(reply.getServedBy());
    }

    @Override
    public void onError(Throwable failure) {
      answer.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      answer.complete(new TreeSet<>(servers) + " x " + servers.size());
    }
  }

  /** Tells of every header that a call brought; one that came twice is told of twice. */
  private static final class HeaderDump implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      StringBuilder line =
          new StringBuilder("headers ").append(call.getMethodDescriptor().getFullMethodName());
      for (String name : new TreeSet<>(headers.keys())) {
        if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
          Metadata.Key<String> key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
          for (String value : headers.getAll(key)) {
            line.append(' ').append(name).append('=').append(value);
          }
        }
      }
      System.out.println(line);
      return next.startCall(call, headers);
    }
  }
}
