package io.meshagent.it.programs.cost;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.stub.StreamObserver;
import io.meshagent.it.programs.Commands;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code CostServer [none|empty|libraries]}: a greeter that answers with what it was asked,
 * governed by that. Says {@code port <n>} when it listens. On stdin: {@code usage}, {@code memory}
 * (see {@link Usage}), {@code quit}.
 */
public final class CostServer {

  private CostServer() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Usage usage = new Usage();
    Server server =
        ServerBuilder.forPort(0)
            .addService(ServerInterceptors.intercept(new Echo(), interceptors(args[0])))
            .build()
            .start();
    System.out.println("port " + server.getPort());
    Commands.follow(
        words -> System.out.println(words[0].equals("usage") ? usage.soFar() : usage.kept()));
    boolean unused = server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  private static List<ServerInterceptor> interceptors(String kind) {
    List<ServerInterceptor> interceptors = new ArrayList<>();
    if (kind.equals("empty")) {
      interceptors.add(new EmptyOnServer());
    } else if (kind.equals("libraries")) {
      interceptors.add(new LibrariesOnServer());
    }
    return interceptors;
  }

  private static HelloReply reply(HelloRequest request) {
    return HelloReply.newBuilder().setMessage(request.getName()).build();
  }

  private static final class Echo extends GreeterGrpc.GreeterImplBase {

    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
      replies.onNext(reply(request));
      replies.onCompleted();
    }

    @Override
    public StreamObserver<HelloRequest> chat(StreamObserver<HelloReply> replies) {
      return new StreamObserver<HelloRequest>() {
        @Override
        public void onNext(HelloRequest request) {
          replies.onNext(reply(request));
        }

        @Override
        public void onError(Throwable failure) {
          // The client is gone, and counts what it lost.
        }

        @Override
        public void onCompleted() {
          replies.onCompleted();
        }
      };
    }
  }
}
