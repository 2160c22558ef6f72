package com.example.quarkus;

import com.example.greeter.api.MutinyGreeterGrpc.MutinyGreeterStub;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.InputStreamReader;

/**
 * {@code java -jar … <port> <target port>}: a server and a client of it in one JVM. Says {@code
 * port <n>}; each command on stdin makes calls and says {@code done <what was seen>}.
 */
@QuarkusMain
public final class Main implements QuarkusApplication {

  @GrpcClient("greeter")
  MutinyGreeterStub stub;

  @Inject Seen seen;

  public static void main(String[] args) {
    System.setProperty("quarkus.grpc.server.port", args[0]);
    System.setProperty("quarkus.grpc.clients.greeter.port", args[1]);
    Quarkus.run(Main.class, args);
  }

  @Override
  public int run(String... args) throws Exception {
    System.out.println("port " + args[0]);
    Client client = new Client(stub, seen);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        System.out.println("done " + client.run(line));
      } catch (Exception e) {
        System.out.println("failed " + e);
      }
    }
    return 0;
  }
}
