package io.meshagent.it.programs;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * {@code FlakyServer [host=…] [port=0] [name=flaky] [fail=0] [services=a.B,c.D]}. On stdin: {@code
 * fail <percent>}, {@code quit}. Says {@code port <n>} when it listens.
 */
public final class FlakyServer {

  private FlakyServer() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Options options = new Options(args);
    FlakyGreeter greeter =
        new FlakyGreeter(options.text("name", "flaky"), options.number("fail", 0));
    int port = options.number("port", 0);
    ServerBuilder<?> builder =
        options.has("host")
            ? NettyServerBuilder.forAddress(new InetSocketAddress(options.text("host", ""), port))
            : ServerBuilder.forPort(port);
    for (String service : options.text("services", Named.GREETER).split(",", -1)) {
      builder.addService(Named.service(service, greeter));
    }
    Server server = builder.build().start();
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "stop"));
    System.out.println("port " + server.getPort());
    Commands.follow(
        words -> {
          if (words[0].equals("fail")) {
            greeter.fail(Integer.parseInt(words[1]));
          } else {
            throw new IllegalArgumentException(words[0]);
          }
          System.out.println("done " + String.join(" ", words));
        });
    server.shutdown().awaitTermination();
  }
}
