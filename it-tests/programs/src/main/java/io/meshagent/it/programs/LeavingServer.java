package io.meshagent.it.programs;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * {@code LeavingServer [name=leaving] [end=none] [health=none] [direct]}: a server that is left in
 * every way. It has no shutdown code, or with {@code end=hook} what the books have: a hook that
 * shuts down, waits for a while and then breaks off. With {@code end=now} the hook breaks off at
 * once, and with {@code end=signal} the program handles SIGTERM itself: it says so and exits with
 * 7. For {@code health} see {@link Health}; with {@code direct} calls are handled on the
 * transport's own threads.
 *
 * <p>Says {@code port <n>} when it listens. On stdin:
 *
 * <ul>
 *   <li>{@code shutdown}, {@code shutdownNow}: says how long it took, and what the server says of
 *       itself then; {@code interrupted}: shutdown, interrupted after a tenth of a second
 *   <li>{@code shutdown-on-worker}: the same on a thread of Netty's type that does no I/O
 *   <li>{@code termination}: waits for it, at most ten seconds
 *   <li>{@code exit}: {@code System.exit(3)}
 *   <li>{@code exit-in-call}, {@code shutdown-in-call}: the handler of the next call does it
 *   <li>{@code status <number> [service]}: what the health service says from now on
 *   <li>{@code quit}: {@code main} returns
 * </ul>
 */
public final class LeavingServer {

  private LeavingServer() {}

  public static void main(String[] args) throws IOException {
    Options options = new Options(args);
    LeavingGreeter greeter = new LeavingGreeter(options.text("name", "leaving"));
    ServerBuilder<?> builder =
        ServerBuilder.forPort(0).addService(Named.service(Named.GREETER, greeter));
    if (options.has("direct")) {
      builder.directExecutor();
    }
    Health health = Health.of(options.text("health", "none"));
    health.addTo(builder);
    Server server = builder.build().start();
    prepareEnd(options.text("end", "none"), server);
    System.out.println("port " + server.getPort());
    Commands.follow(
        words -> {
          switch (words[0]) {
            case "shutdown":
              System.out.println("done " + timed(server, server::shutdown));
              break;
            case "shutdownNow":
              System.out.println("done " + timed(server, server::shutdownNow));
              break;
            case "interrupted":
              System.out.println("done " + interrupted(server));
              break;
            case "shutdown-on-worker":
              Thread worker =
                  new FastThreadLocalThread(
                      () -> System.out.println("done " + timed(server, server::shutdown)));
              worker.start();
              worker.join();
              break;
            case "termination":
              System.out.println("done " + server.awaitTermination(10, TimeUnit.SECONDS));
              break;
            case "exit":
              System.exit(3);
              break;
            case "exit-in-call":
              greeter.onNextCall(() -> System.exit(3));
              System.out.println("done " + words[0]);
              break;
            case "shutdown-in-call":
              greeter.onNextCall(
                  () -> System.out.println("in call: " + timed(server, server::shutdown)));
              System.out.println("done " + words[0]);
              break;
            case "status":
              health.say(words.length > 2 ? words[2] : Named.GREETER, Integer.parseInt(words[1]));
              System.out.println("done " + words[0]);
              break;
            default:
              throw new IllegalArgumentException(words[0]);
          }
        });
  }

  private static void prepareEnd(String kind, Server server) {
    switch (kind) {
      case "hook":
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
        break;
      case "now":
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow, "stop"));
        break;
      case "signal":
        Signals.onTerm(
            () -> {
              System.out.println("heard TERM");
              System.exit(7);
            });
        break;
      default:
        break;
    }
  }

  private static void stop(Server server) {
    try {
      if (!server.shutdown().awaitTermination(1, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
    }
  }

  /** {@code millis=12 shutdown=true terminated=false interrupted=false}. */
  private static String timed(Server server, Runnable call) {
    long began = System.nanoTime();
    call.run();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    return "millis="
        + millis
        + " shutdown="
        + server.isShutdown()
        + " terminated="
        + server.isTerminated()
        + " interrupted="
        + Thread.interrupted();
  }

  private static String interrupted(Server server) {
    Thread caller = Thread.currentThread();
    Thread other =
        new Thread(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(100);
              } catch (InterruptedException e) {
                return;
              }
              caller.interrupt();
            });
    other.start();
    return timed(server, server::shutdown);
  }
}
