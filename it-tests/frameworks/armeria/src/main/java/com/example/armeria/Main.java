package com.example.armeria;

import com.example.greeter.api.GreeterGrpc.GreeterBlockingStub;
import com.example.greeter.api.GreeterGrpc.GreeterStub;
import com.example.greeter.api.HelloRequest;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
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
    Server server =
        Server.builder()
            .http(Integer.parseInt(args[0]))
            .service(GrpcService.builder().addService(new Greeter()).build())
            .build();
    server.start().join();
    server.closeOnJvmShutdown();
    System.out.println("port " + server.activeLocalPort());
    String target = "localhost:" + (args[1].equals("0") ? server.activeLocalPort() : args[1]);
    GreeterBlockingStub stub =
        GrpcClients.newClient("gproto+http://" + target, GreeterBlockingStub.class);
    GreeterStub streams = GrpcClients.newClient("gproto+http://" + target, GreeterStub.class);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        System.out.println("done " + run(line, stub, streams));
      } catch (Exception e) {
        System.out.println("failed " + e);
      }
    }
  }

  private static String run(String command, GreeterBlockingStub stub, GreeterStub streams)
      throws Exception {
    HelloRequest request = HelloRequest.newBuilder().setName("you").build();
    switch (command) {
      case "unary":
        return stub.sayHello(request).getServedBy();
      case "chat":
        Replies replies = new Replies();
        var requests = streams.chat(replies);
        for (int i = 0; i < 3; i++) {
          requests.onNext(request);
        }
        requests.onCompleted();
        return replies.text();
      case "deadline":
        try {
          return stub.withDeadlineAfter(2, TimeUnit.SECONDS)
              .sayHello(HelloRequest.newBuilder().setName("slow").build())
              .getServedBy();
        } catch (StatusRuntimeException e) {
          return Status.fromThrowable(e).getCode().toString();
        }
      default:
        throw new IllegalArgumentException(command);
    }
  }
}
