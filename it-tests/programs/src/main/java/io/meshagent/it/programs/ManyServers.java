package io.meshagent.it.programs;

import io.grpc.Attributes;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerTransportFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code ManyServers [n=10]}: so many servers in one JVM, each with the greeter, named {@code s0}
 * and so on. On stdin: {@code connections}, which says how many were ever made to them, and {@code
 * quit}.
 */
public final class ManyServers {

  private ManyServers() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    AtomicInteger connections = new AtomicInteger();
    List<Server> servers = new ArrayList<>();
    for (int i = 0; i < new Options(args).number("n", 10); i++) {
      servers.add(
          ServerBuilder.forPort(0)
              .addService(Named.service(Named.GREETER, new FlakyGreeter("s" + i, 0)))
              .addTransportFilter(
                  new ServerTransportFilter() {
                    @Override
                    public Attributes transportReady(Attributes attributes) {
                      connections.incrementAndGet();
                      return attributes;
                    }
                  })
              .build()
              .start());
    }
    System.out.println("ready");
    Commands.follow(words -> System.out.println("done " + connections.get()));
    servers.forEach(Server::shutdownNow);
  }
}
