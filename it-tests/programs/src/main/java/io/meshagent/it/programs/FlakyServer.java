package io.meshagent.it.programs;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code FlakyServer [host=…] [port=0] [name=flaky] [fail=0] [services=a.B,c.D] [stuck] [traces]
 * [streams=…] [permits=…] [threads=0] [kinds]}. On stdin: {@code fail <percent>}, {@code pushback
 * <ms>} (what failures carry), {@code slow <percent> <ms>}, {@code hold}, {@code release}, {@code
 * most} (calls under way at once since it was asked last), {@code quit}. Says {@code port <n>} when
 * it listens. One that is stuck has no shutdown hook, and a thread for its port that stands still
 * once it listens, as one that has died of too many open files. One with traces prints the trace
 * headers that it gets. It takes so many streams on a connection at once, and permits a keep-alive,
 * without calls too, every so many milliseconds; without these as gRPC does. With kinds its
 * services have all four kinds of methods.
 */
public final class FlakyServer {

  private FlakyServer() {}

  /** Returns the thread of the port. */
  private static EventLoopGroup ownThreads(NettyServerBuilder builder) {
    EventLoopGroup boss = new NioEventLoopGroup(1);
    builder
        .channelType(NioServerSocketChannel.class)
        .bossEventLoopGroup(boss)
        .workerEventLoopGroup(new NioEventLoopGroup(2));
    return boss;
  }

  private static ExecutorService daemons(int count) {
    return Executors.newFixedThreadPool(
        count,
        task -> {
          Thread thread = new Thread(task, "serves");
          thread.setDaemon(true);
          return thread;
        });
  }

  private static void standStill() {
    while (true) {
      LockSupport.park();
    }
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Options options = new Options(args);
    FlakyGreeter greeter =
        new FlakyGreeter(options.text("name", "flaky"), options.number("fail", 0));
    int port = options.number("port", 0);
    ServerBuilder<?> builder =
        options.has("host")
                || options.has("stuck")
                || options.has("streams")
                || options.has("permits")
            ? NettyServerBuilder.forAddress(
                new InetSocketAddress(options.text("host", "0.0.0.0"), port))
            : ServerBuilder.forPort(port);
    for (String service : options.text("services", Named.GREETER).split(",", -1)) {
      builder.addService(
          options.has("kinds")
              ? Named.allKinds(service, greeter)
              : Named.service(service, greeter));
    }
    if (options.has("streams")) {
      ((NettyServerBuilder) builder)
          .maxConcurrentCallsPerConnection(options.number("streams", 100));
    }
    if (options.has("permits")) {
      ((NettyServerBuilder) builder)
          .permitKeepAliveTime(options.number("permits", 1_000), TimeUnit.MILLISECONDS)
          .permitKeepAliveWithoutCalls(true);
    }
    if (options.has("threads")) {
      builder.executor(daemons(options.number("threads", 1)));
    }
    if (options.has("headers")) {
      builder.intercept(new ShownHeaders());
    }
    EventLoopGroup boss = options.has("stuck") ? ownThreads((NettyServerBuilder) builder) : null;
    if (options.has("traces")) {
      builder.intercept(new HeaderCount());
    }
    Server server = builder.build().start();
    if (boss == null) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "stop"));
    } else {
      boss.execute(FlakyServer::standStill);
    }
    System.out.println("port " + server.getPort());
    Commands.follow(
        words -> {
          switch (words[0]) {
            case "fail":
              greeter.fail(Integer.parseInt(words[1]));
              break;
            case "pushback":
              greeter.pushBack(words[1]);
              break;
            case "slow":
              greeter.slow(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
              break;
            case "hold":
              greeter.underWay().hold();
              break;
            case "release":
              greeter.underWay().release();
              break;
            case "most":
              System.out.println("done " + greeter.underWay().most());
              return;
            default:
              throw new IllegalArgumentException(words[0]);
          }
          System.out.println("done " + String.join(" ", words));
        });
    server.shutdown().awaitTermination();
  }
}
