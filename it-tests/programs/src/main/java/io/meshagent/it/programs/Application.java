package io.meshagent.it.programs;

import com.example.greeter.api.GreeterGrpc;
import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One of several applications in a JVM, each in a loader of its own: a server with one service, and
 * a channel with a dead target that finds others only if the agent works. Its host, which knows no
 * gRPC, makes it by name and gives it commands; the answer is a line.
 *
 * <p>{@code start <service> <name>}, {@code call <service>}, {@code stop}: all in order.
 */
public final class Application implements Function<String, String> {

  /** Volatile: set by the thread that starts the application, read by others. */
  private static volatile Application running;

  private Server server;
  private ManagedChannel channel;

  /** The one that a web application's listener has started. */
  public static Application running() {
    return running;
  }

  /** For a listener: begins, with what the web application's {@code web.xml} says. */
  static void begin(String service, String name) {
    running = new Application();
    running.apply("start " + service + " " + name);
  }

  /** For a listener: ends in order. */
  static void end() {
    running.apply("stop");
  }

  @Override
  public String apply(String command) {
    String[] words = command.split(" ", -1);
    try {
      switch (words[0]) {
        case "start":
          return start(words[1], words[2]);
        case "call":
          return call(words[1]);
        case "stop":
          boolean gone = channel.shutdown().awaitTermination(10, TimeUnit.SECONDS);
          String stopped = "channel " + gone + " " + stopServer();
          awaitEndOfThreads();
          return stopped;
        default:
          throw new IllegalArgumentException(command);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String start(String service, String name) throws IOException {
    ServerBuilder<?> builder =
        ServerBuilder.forPort(0).addService(Named.service(service, new Greeter(name)));
    Health health = Health.of("check");
    health.addTo(builder);
    health.say("", 1);
    server = builder.build().start();
    channel = ManagedChannelBuilder.forTarget("localhost:1").usePlaintext().build();
    return "port " + server.getPort();
  }

  private String call(String service) {
    return ClientCalls.blockingUnaryCall(
            channel,
            Named.sayHello(service),
            CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
            HelloRequest.newBuilder().setName("host").build())
        .getServedBy();
  }

  private String stopServer() throws InterruptedException {
    return "server " + server.shutdown().awaitTermination(10, TimeUnit.SECONDS);
  }

  /**
   * gRPC's shared threads end about two seconds after their last user, and need their loader for
   * it.
   */
  private static void awaitEndOfThreads() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getContextClassLoader() == Application.class.getClassLoader()
          && thread != Thread.currentThread()) {
        thread.join(10_000);
      }
    }
  }

  /** Says which application it is of. */
  private static final class Greeter extends GreeterGrpc.GreeterImplBase {
    private final String name;

    Greeter(String name) {
      this.name = name;
    }

    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
      replies.onNext(HelloReply.newBuilder().setServedBy(name).build());
      replies.onCompleted();
    }
  }
}
