package com.example.vertx;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.GreeterGrpc.GreeterStub;
import com.example.greeter.api.HelloRequest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientChannel;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServiceBridge;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.concurrent.TimeUnit;

/**
 * {@code java -jar … <port> <target port>}: a server and a client of it in one JVM, neither of them
 * gRPC's own. Says {@code port <n>}; each command on stdin makes calls and says {@code done <what
 * was seen>}.
 */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx();
    GrpcServer greeter = GrpcServer.server(vertx);
    GrpcServiceBridge.bridge(new Greeter()).bind(greeter);
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(greeter)
            .listen(Integer.parseInt(args[0]))
            .toCompletionStage()
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    System.out.println("port " + server.actualPort());
    int target = args[1].equals("0") ? server.actualPort() : Integer.parseInt(args[1]);
    GrpcClientChannel channel =
        new GrpcClientChannel(
            GrpcClient.client(vertx), SocketAddress.inetSocketAddress(target, "localhost"));
    GreeterStub stub = GreeterGrpc.newStub(channel);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        System.out.println("done " + run(line, stub));
      } catch (Exception e) {
        System.out.println("failed " + e);
      }
    }
  }

  private static String run(String command, GreeterStub stub) throws Exception {
    HelloRequest request = HelloRequest.newBuilder().setName("you").build();
    Replies replies = new Replies();
    switch (command) {
      case "unary":
        stub.sayHello(request, replies);
        return replies.text();
      case "chat":
        var requests = stub.chat(replies);
        for (int i = 0; i < 3; i++) {
          requests.onNext(request);
        }
        requests.onCompleted();
        return replies.text();
      case "deadline":
        stub.withDeadlineAfter(2, TimeUnit.SECONDS)
            .sayHello(HelloRequest.newBuilder().setName("slow").build(), replies);
        return replies.text();
      default:
        throw new IllegalArgumentException(command);
    }
  }
}
