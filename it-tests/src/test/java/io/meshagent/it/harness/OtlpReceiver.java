package io.meshagent.it.harness;

import io.grpc.ServerBuilder;
import io.grpc.stub.StreamObserver;
import io.meshagent.it.tools.Places;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * A collector: a program of its own that prints every span and value of a metric that it gets, and
 * for a test the handle on it.
 */
public final class OtlpReceiver implements AutoCloseable {

  /** A span as it was received; parent is empty for a root. Kind as {@code SPAN_KIND_CLIENT}. */
  public record Received(
      String trace, String id, String parent, String kind, String service, String name) {}

  /**
   * A value of a metric as it was received.
   *
   * @param labels as they are printed, {@code {grpc.method=helloworld.Greeter/SayHello}}
   * @param value a counter's or gauge's; of a histogram and a summary how many there were
   * @param rest of a histogram its sum, bounds and buckets
   */
  public record Value(
      String service, String name, String unit, String labels, double value, String rest) {}

  private final Jvm jvm;
  private final int port;

  private OtlpReceiver(Jvm jvm) {
    this.jvm = jvm;
    this.port = jvm.awaitPort();
  }

  public static OtlpReceiver start() {
    return new OtlpReceiver(
        Jvm.named("otlp")
            .main(Places.testClassPath(), OtlpReceiver.class.getName())
            .withoutAgent()
            .start());
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  public List<Received> spans() {
    return jvm.stdout().stream()
        .filter(line -> line.startsWith("span "))
        .map(line -> line.split(" ", 7))
        .map(word -> new Received(word[1], word[2], word[3], word[4], word[5], word[6]))
        .toList();
  }

  /** In the order in which they came. */
  public List<Value> values() {
    return jvm.stdout().stream()
        .filter(line -> line.startsWith("value\t"))
        .map(line -> line.split("\t", -1))
        .map(
            word ->
                new Value(word[1], word[2], word[3], word[4], Double.parseDouble(word[5]), word[6]))
        .toList();
  }

  /** The full names of other methods that were called: of collectors that are not OTLP's. */
  public List<String> otherCalls() {
    return jvm.stdout().stream()
        .filter(line -> line.startsWith("other "))
        .map(line -> line.substring("other ".length()))
        .toList();
  }

  /** The same as {@link #endpoint}, for clients that want no scheme. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** Waits for so many spans. */
  public List<Received> awaitSpans(int count, Duration timeout) {
    jvm.await(unused -> spans().size() >= count, timeout);
    return spans();
  }

  @Override
  public void close() {
    jvm.close();
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    io.grpc.Server server =
        ServerBuilder.forPort(0)
            .addService(new Collector())
            .addService(new OtlpValues())
            .fallbackHandlerRegistry(new AnyService())
            .build()
            .start();
    System.out.println("port " + server.getPort());
    server.awaitTermination();
  }

  static String serviceOf(Resource resource) {
    for (KeyValue attribute : resource.getAttributesList()) {
      if (attribute.getKey().equals("service.name")) {
        return attribute.getValue().getStringValue().replace(' ', '_');
      }
    }
    return "?";
  }

  private static final class Collector extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> reply) {
      for (ResourceSpans resource : request.getResourceSpansList()) {
        String service = serviceOf(resource);
        for (ScopeSpans scope : resource.getScopeSpansList()) {
          for (Span span : scope.getSpansList()) {
            print(span, service);
          }
        }
      }
      reply.onNext(ExportTraceServiceResponse.getDefaultInstance());
      reply.onCompleted();
    }

    private static void print(Span span, String service) {
      HexFormat hex = HexFormat.of();
      System.out.println(
          String.join(
              " ",
              "span",
              hex.formatHex(span.getTraceId().toByteArray()),
              hex.formatHex(span.getSpanId().toByteArray()),
              hex.formatHex(span.getParentSpanId().toByteArray()),
              span.getKind().name(),
              service,
              span.getName()));
    }

    private static String serviceOf(ResourceSpans spans) {
      return OtlpReceiver.serviceOf(spans.getResource());
    }
  }
}
