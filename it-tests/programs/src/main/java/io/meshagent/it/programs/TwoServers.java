package io.meshagent.it.programs;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Two servers in one JVM, each on a port that the system chose: {@code first} on loopback with the
 * greeter and services that nobody calls through a mesh, {@code second} on every address with the
 * greeter and a service of its own. On stdin: {@code shutdown first}, {@code shutdown second},
 * {@code quit}.
 */
public final class TwoServers {

  private TwoServers() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Server first =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(Named.service(Named.GREETER, new FlakyGreeter("first", 0)))
            .addService(ServerServiceDefinition.builder("grpc.health.v1.Health").build())
            .addService(
                ServerServiceDefinition.builder("grpc.reflection.v1alpha.ServerReflection").build())
            .addService(ServerServiceDefinition.builder("grpc.channelz.v1.Channelz").build())
            .build()
            .start();
    FlakyGreeter greeter = new FlakyGreeter("second", 0);
    Server second =
        ServerBuilder.forPort(0)
            .addService(Named.service(Named.GREETER, greeter))
            .addService(Named.service("two.Second", greeter))
            .build()
            .start();
    System.out.println("ports " + first.getPort() + " " + second.getPort());
    Commands.follow(
        words -> {
          Server server = words[1].equals("first") ? first : second;
          server.shutdown().awaitTermination();
          System.out.println("done " + String.join(" ", words));
        });
    first.shutdownNow();
    second.shutdownNow();
    first.awaitTermination();
    second.awaitTermination();
  }
}
