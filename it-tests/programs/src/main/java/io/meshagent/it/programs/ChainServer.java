package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;

/**
 * {@code ChainServer [port=0] [service=chain.Front] [next=localhost:1] [next-service=…]}: each of
 * its calls makes a call to the next service, a stream for a stream. Says {@code port <n>}.
 */
public final class ChainServer {

  private ChainServer() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Options options = new Options(args);
    ManagedChannel next =
        ManagedChannelBuilder.forTarget(options.text("next", "localhost:1")).usePlaintext().build();
    String nextService = options.text("next-service", Named.GREETER);
    Server server =
        ServerBuilder.forPort(options.number("port", 0))
            .addService(
                Named.service(options.text("service", "chain.Front"), new Front(next, nextService)))
            .build()
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "stop"));
    System.out.println("port " + server.getPort());
    server.awaitTermination();
  }

  /** Hands every call on to a service. Thread-safe. */
  static final class Front extends GreeterGrpc.GreeterImplBase {
    private final ManagedChannel next;
    private final String service;

    Front(ManagedChannel next, String service) {
      this.next = next;
      this.service = service;
    }

    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
      try {
        replies.onNext(
            ClientCalls.blockingUnaryCall(
                next, Named.sayHello(service), CallOptions.DEFAULT, request));
        replies.onCompleted();
      } catch (StatusRuntimeException e) {
        replies.onError(e);
      }
    }

    @Override
    public StreamObserver<HelloRequest> chat(StreamObserver<HelloReply> replies) {
      return ClientCalls.asyncBidiStreamingCall(
          next.newCall(Named.chat(service), CallOptions.DEFAULT), replies);
    }
  }
}
