package io.meshagent.it.programs.semantics;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code Semantics [target]}: a server and channels to it in one JVM, or to the target, and a list
 * of scenarios over them, each printed as what both sides saw. Says {@code port <n>} first, and
 * begins when it is given a line on stdin; the transcript is between {@code begin} and {@code end}.
 */
public final class Semantics {

  private Semantics() {}

  public static void main(String[] args) throws Exception {
    Map<String, Transcript> transcripts = new ConcurrentHashMap<>();
    ExecutorService serverThreads = named("of the server");
    ScriptedHandler handler = new ScriptedHandler(transcripts);
    Server server =
        ServerBuilder.forPort(0)
            .executor(serverThreads)
            .addService(
                ServerServiceDefinition.builder(Methods.SERVICE)
                    .addMethod(Methods.UNARY, handler)
                    .addMethod(Methods.HEDGED, handler)
                    .addMethod(Methods.CHAT, handler)
                    .build())
            .intercept(new WithValue())
            .build()
            .start();
    System.out.println("port " + server.getPort());
    int unused = System.in.read();
    String target = args.length > 0 ? args[0] : "localhost:" + server.getPort();
    ExecutorService clientThreads = named("of the client");
    ManagedChannel channel = builder(target, clientThreads).build();
    Scenarios scenarios = new Scenarios(transcripts);
    System.out.println("begin");
    scenarios.both("first", t -> Scenarios.unary(channel, CallOptions.DEFAULT, t, "echo"));
    new CallScenarios(scenarios, channel).run();
    new MisuseScenarios(scenarios, channel).run();
    new DoubleScenarios(scenarios, channel, () -> builder(target, clientThreads)).run();
    ManagedChannel retrying =
        builder(target, clientThreads)
            .enableRetry()
            .defaultServiceConfig(RetryScenarios.config())
            .build();
    new RetryScenarios(scenarios, retrying).run();
    new ChannelScenarios(scenarios, () -> builder(target, clientThreads)).run();
    System.out.println("end");
    retrying.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    System.exit(0);
  }

  private static ManagedChannelBuilder<?> builder(String target, ExecutorService threads) {
    return ManagedChannelBuilder.forTarget(target).usePlaintext().executor(threads);
  }

  private static ExecutorService named(String name) {
    AtomicInteger number = new AtomicInteger();
    return Executors.newCachedThreadPool(
        task -> {
          Thread thread = new Thread(task, name + " " + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** The program's own value for its handlers, as its interceptors give it. */
  private static final class WithValue implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      Context context = Context.current().withValue(ScriptedHandler.VALUE, "the server's");
      return Contexts.interceptCall(context, call, headers, next);
    }
  }
}
