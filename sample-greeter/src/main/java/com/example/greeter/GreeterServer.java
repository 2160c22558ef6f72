package com.example.greeter;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** {@code GreeterServer <port> [name]}: answers until it is told to stop. */
public final class GreeterServer {

  private GreeterServer() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length < 1 || args.length > 2) {
      System.err.println("usage: GreeterServer <port> [name]");
      System.exit(2);
    }
    int port = Integer.parseInt(args[0]);
    String name = args.length > 1 ? args[1] : "greeter-" + port;
    Server server = ServerBuilder.forPort(port).addService(new GreeterService(name)).build();
    server.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, name), "stop"));
    System.out.println(name + " listens on port " + server.getPort());
    server.awaitTermination();
  }

  private static void stop(Server server, String name) {
    server.shutdown();
    try {
      if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
    }
    System.out.println(name + " stopped");
  }
}
