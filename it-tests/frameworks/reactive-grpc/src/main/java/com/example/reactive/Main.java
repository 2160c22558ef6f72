package com.example.reactive;

import com.example.greeter.api.ReactorGreeterGrpc;
import com.example.greeter.api.ReactorGreeterGrpc.ReactorGreeterStub;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.concurrent.TimeUnit;

/**
 * {@code java -jar … <port> <target port>}: a server and a client of it in one JVM. Says {@code
 * port <n>}; each command on stdin makes calls and says {@code done <what was seen>}.
 */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws Exception {
    ReactorGreeterStub stub =
        ReactorGreeterGrpc.newReactorStub(
            ManagedChannelBuilder.forTarget("localhost:" + args[1])
                .usePlaintext()
                .intercept(new Trail("c2"), new Trail("c1"))
                .build());
    Greeter greeter = new Greeter(stub);
    Server server =
        ServerBuilder.forPort(Integer.parseInt(args[0]))
            .addService(greeter)
            .intercept(new Trail("s2"))
            .intercept(new Trail("s1"))
            .build()
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
    System.out.println("port " + server.getPort());
    Client client = new Client(stub, greeter);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        System.out.println("done " + client.run(line));
      } catch (Exception e) {
        System.out.println("failed " + e);
      }
    }
  }

  private static void stop(Server server) {
    try {
      server.shutdown().awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      server.shutdownNow();
    }
  }
}
