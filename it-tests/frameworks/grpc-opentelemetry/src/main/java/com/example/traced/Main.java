package com.example.traced;

import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.opentelemetry.GrpcOpenTelemetry;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.concurrent.TimeUnit;

/**
 * {@code java -jar … <port> <target port>}: a server and a client of it in one JVM, both with gRPC's
 * own plug-in for OpenTelemetry. Says {@code port <n>}; each command on stdin makes calls and says
 * {@code done <what was seen>}.
 */
public final class Main {

  private Main() {}

  public static void main(String[] args) throws Exception {
    // The plug-in traces only where it is told so.
    System.setProperty("GRPC_EXPERIMENTAL_ENABLE_OTEL_TRACING", "true");
    Ended ended = new Ended();
    OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder().addSpanProcessor(ended).build())
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
    GrpcOpenTelemetry plugin = GrpcOpenTelemetry.newBuilder().sdk(sdk).disableAllMetrics().build();
    Headers headers = new Headers();
    ManagedChannelBuilder<?> channel =
        ManagedChannelBuilder.forTarget("localhost:" + args[1]).usePlaintext();
    plugin.configureChannelBuilder(channel);
    Client client = new Client(channel.build(), sdk.getTracer("program"), ended, headers);
    ServerBuilder<?> builder =
        ServerBuilder.forPort(Integer.parseInt(args[0]))
            .addService(new Greeter(client::next))
            .intercept(headers);
    plugin.configureServerBuilder(builder);
    Server server = builder.build().start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
    System.out.println("port " + server.getPort());
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        System.out.println("done " + client.run(line));
      } catch (Exception e) {
        System.out.println("failed " + e);
      }
    }
  }

  private static void stop(Server server) {
    try {
      server.shutdown().awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      server.shutdownNow();
    }
  }
}
