package io.meshagent.it.programs;

import com.example.greeter.api.HelloReply;
import com.example.greeter.api.HelloRequest;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Makes the calls that a test asks for on stdin, and says {@code done {…}} with the counts as JSON.
 *
 * <ul>
 *   <li>{@code calls [channel=target:localhost:1] [service=…] [n=10] [rate=0] [threads=4]
 *       [deadline=5000] [inherited=0] [late] [ready] [name=…] [invented=…] [key=…]
 *       [header=name:value,…] [kind=blocking|future|async|raw|collect] [signed] [marked]}: so many
 *       unary calls (client-streaming ones with {@code collect}), by that kind of stub, with
 *       credentials if they are signed, telling servers apart by the agent's marks, too, if they
 *       are marked, with a header {@code x-key} if there is a key, {@code rate} a second or as fast
 *       as it goes; deadline 0 is none, with {@code late} it is over before they begin, with {@code
 *       ready} they wait for a connection, with {@code invented} each calls a service of its own
 *       whose name begins so
 *   <li>{@code each [n=10] [service=…]}: so many unary calls, one after the other, each over a
 *       channel of its own
 *   <li>{@code stream [channel=…] [service=…] [messages=3] [last=…] [header=…]}: one stream; its
 *       last message may have another name
 *   <li>{@code idle [channel=…]}: the channel drops its connections until the next call
 *   <li>{@code close [channel=…]}: ends the channel, and says how many milliseconds that took
 *   <li>{@code chaos [channel=…] [n=1000] [threads=8] [seed=1] [kinds]}: calls and streams, with
 *       {@code kinds} of all four kinds, that are cancelled, run out of time, fail and throw
 *   <li>{@code begin [channel=…] [service=…] [rate=100] [streams=0] [deadline=0] [late] [name=…]}:
 *       calls at a steady rate and streams that stay open; {@code count} says what came of the
 *       calls so far, {@code open} how many are under way, {@code end} stops and says what came of
 *       them all, {@code streams} then says the same of the streams' messages
 *   <li>{@code hold [channel=…] [service=…] [n=10]}: so many more streams that stay open and say
 *       nothing; {@code held} says how many were answered, by server, and how many failed, {@code
 *       release [n=10]} ends the oldest
 *   <li>{@code resolve [policy=own_policy|round_robin|fails]}: the resolver of the {@code told}
 *       channels answers
 *   <li>{@code threads}: how many this JVM has
 *   <li>{@code timeline}: all calls so far by second and status
 *   <li>{@code quit}
 * </ul>
 *
 * A channel is {@code target:<target>}, {@code address:<host>:<port>}, {@code grpc:<target>} (by
 * {@code Grpc.newChannelBuilder}), {@code retrying:<target>} (4 attempts on UNAVAILABLE), {@code
 * enabled:<target>} and {@code disabled:<target>} (retries on or off, and no policy), {@code
 * signed:<target>} (an interceptor adds a token), {@code tracing:<target>} (writes a trace header
 * as gRPC's own plug-in does), {@code alive:<target>} (a keep-alive each second, without calls
 * too), {@code policy:<target>}, {@code config:<policy>:<target>} (a balancing policy in the
 * builder or in the default service config), {@code checked:<service>:<target>} (gRPC's health
 * checks for that service, where grpc-services is on the class path), {@code replaced:<target>}
 * (the program has its own pick_first, from now on), {@code told:<host>:<port>} (a resolver that
 * answers when it is told to); it is built at its first use, the one for {@code localhost:1} at
 * start, and stays.
 */
public final class LoadClient {

  private static final String FIRST_CHANNEL = "target:localhost:1";

  private LoadClient() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Channels channels = new Channels();
    // As most programs do: the channel is there before the first call.
    channels.get(FIRST_CHANNEL);
    System.out.println("ready");
    SteadyLoad[] steady = new SteadyLoad[1];
    QuietStreams[] quiet = new QuietStreams[1];
    Commands.follow(
        words -> {
          Options options = new Options(words);
          ManagedChannel channel = channels.get(options.text("channel", FIRST_CHANNEL));
          String service = options.text("service", Named.GREETER);
          Tally tally = new Tally();
          switch (words[0]) {
            case "calls":
              new UnaryLoad(channel, methods(service, options), options, tally).run();
              break;
            case "each":
              for (int i = 0; i < options.number("n", 10); i++) {
                Channels own = new Channels();
                new UnaryLoad(
                        own.get(FIRST_CHANNEL),
                        Named.sayHello(service),
                        new Options("n=1", "threads=1"),
                        tally)
                    .run();
                own.close(5, TimeUnit.SECONDS);
              }
              break;
            case "stream":
              new OneStream(channel, Named.chat(service), options, tally).run();
              break;
            case "idle":
              channel.enterIdle();
              break;
            case "close":
              System.out.println("done " + millisToTheEnd(channel));
              return;
            case "hold":
              if (quiet[0] == null) {
                quiet[0] = new QuietStreams(channel, Named.chat(service));
              }
              quiet[0].open(options.number("n", 10));
              tally = quiet[0].held();
              break;
            case "held":
              tally = quiet[0].held();
              break;
            case "release":
              quiet[0].release(options.number("n", 10));
              break;
            case "begin":
              steady[0] = new SteadyLoad(channel, service, options);
              steady[0].begin();
              break;
            case "count":
              tally = steady[0].calls();
              break;
            case "resolve":
              ToldResolver.tell(options.text("policy", ""));
              break;
            case "timeline":
              System.out.println("done " + Timeline.text());
              return;
            case "threads":
              System.out.println("done " + ManagementFactory.getThreadMXBean().getThreadCount());
              return;
            case "open":
              System.out.println("done " + steady[0].open());
              return;
            case "end":
              tally = steady[0].end();
              break;
            case "streams":
              tally = steady[0].messages();
              break;
            case "chaos":
              new Chaos(channel, service, options, tally).run();
              break;
            default:
              throw new IllegalArgumentException(words[0]);
          }
          System.out.println("done " + tally.toJson());
        });
    channels.close(5, TimeUnit.SECONDS);
  }

  private static IntFunction<MethodDescriptor<HelloRequest, HelloReply>> methods(
      String service, Options options) {
    MethodDescriptor<HelloRequest, HelloReply> method =
        options.text("kind", "").equals("collect")
            ? Named.collect(service)
            : Named.sayHello(service);
    return options.has("invented")
        ? call -> Named.sayHello(options.text("invented", "") + call)
        : call -> method;
  }

  private static long millisToTheEnd(ManagedChannel channel) throws InterruptedException {
    long began = System.nanoTime();
    boolean unused = channel.shutdown().awaitTermination(30, TimeUnit.SECONDS);
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }
}
