package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * {@code ChainServer [port=0] [service=chain.Front] [next=localhost:1] [next-service=…] [name=…]
 * [executor]}: each of its calls makes a call to the next service, a stream for a stream; with a
 * name it says {@code name>next} of who served a call, with an executor it makes unary calls there,
 * in the context of the call. Says {@code port <n>}.
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
                Named.service(
                    options.text("service", "chain.Front"), new Front(next, nextService, options)))
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
    private final String before;
    private final Executor executor;

    Front(ManagedChannel next, String service) {
      this(next, service, new Options());
    }

    Front(ManagedChannel next, String service, Options options) {
      this.next = next;
      this.service = service;
      this.before = options.has("name") ? options.text("name", "") + ">" : "";
      this.executor =
          options.has("executor")
              ? Context.currentContextExecutor(Executors.newCachedThreadPool())
              : Runnable::run;
    }

    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
      executor.execute(() -> handOn(request, replies));
    }

    private void handOn(HelloRequest request, StreamObserver<HelloReply> replies) {
      try {
        replies.onNext(
            named(
                ClientCalls.blockingUnaryCall(
                    next, Named.sayHello(service), CallOptions.DEFAULT, request)));
        replies.onCompleted();
      } catch (StatusRuntimeException e) {
        replies.onError(e);
      }
    }

    private HelloReply named(HelloReply reply) {
      return reply.toBuilder().setServedBy(before + reply.getServedBy()).build();
    }

    @Override
    public StreamObserver<HelloRequest> chat(StreamObserver<HelloReply> replies) {
      return ClientCalls.asyncBidiStreamingCall(
          next.newCall(Named.chat(service), CallOptions.DEFAULT),
          new StreamObserver<HelloReply>() {
            @Override
            public void onNext(HelloReply reply) {
              replies.onNext(named(reply));
            }

            @Override
            public void onError(Throwable failure) {
              replies.onError(failure);
            }

            @Override
            public void onCompleted() {
              replies.onCompleted();
            }
          });
    }
  }
}
