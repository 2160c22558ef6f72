package com.example.micronaut;

import io.micronaut.runtime.Micronaut;

/**
 * {@code java -jar … <port> <target port>}: a server and a client of it in one JVM. Says {@code
 * port <n>}; each command on stdin makes calls and says {@code done <what was seen>}.
 */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.setProperty("grpc.server.port", args[0]);
    System.setProperty("grpc.channels.greeter.address", "localhost:" + args[1]);
    System.setProperty("grpc.channels.greeter.plaintext", "true");
    Micronaut.build(args).banner(false).start();
  }
}
