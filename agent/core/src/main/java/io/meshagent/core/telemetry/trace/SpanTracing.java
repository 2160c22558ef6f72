package io.meshagent.core.telemetry.trace;

import io.meshagent.core.api.Side;
import io.meshagent.core.call.Stage;
import io.meshagent.core.config.ServerAddress;
import io.meshagent.core.telemetry.otlp.Collector;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.concurrent.TimeUnit;

/**
 * Tracing with OpenTelemetry's SDK, put together by hand: nothing is read from {@code OTEL_…}
 * variables, which speak to an OpenTelemetry that the program may have of its own.
 */
final class SpanTracing extends Tracing {

  private static final long CLOSE_MILLIS = 1_000;

  private final SpanDelivery delivery;
  private final SdkTracerProvider provider;
  private final Spans spans;
  private final Collector collector;

  SpanTracing(TracingSettings settings, SpanExporter exporter) {
    this(settings, exporter, null);
  }

  private SpanTracing(TracingSettings settings, SpanExporter exporter, Collector collector) {
    this.collector = collector;
    delivery = new SpanDelivery(exporter);
    provider =
        SdkTracerProvider.builder()
            .setResource(resource(settings))
            // Spans sees to it that only sampled spans come here.
            .setSampler(Sampler.alwaysOn())
            .addSpanProcessor(delivery)
            .build();
    spans =
        new Spans(
            provider.get("io.meshagent"),
            new RatioSampler(settings.samplingRatio()),
            Propagation.of(settings.formats()));
  }

  /** To a collector that nobody else uses yet. */
  static SpanTracing to(ServerAddress address, TracingSettings settings) {
    Collector collector = new Collector(address, resource(settings));
    return new SpanTracing(settings, new OtlpExporter(collector), collector);
  }

  @Override
  public Collector collector() {
    return collector;
  }

  private static Resource resource(TracingSettings settings) {
    AttributesBuilder facts = Attributes.builder();
    facts.put("service.name", settings.appName());
    facts.put("service.version", settings.appVersion());
    facts.put("service.instance.id", settings.instanceId());
    facts.put("telemetry.distro.name", "mesh-agent");
    return Resource.getDefault().merge(Resource.create(facts.build()));
  }

  @Override
  public Stage stage(Side side, String method) {
    return side == Side.CLIENT
        ? new ClientSpanStage(spans, method)
        : new ServerSpanStage(spans, method);
  }

  @Override
  public long spansExported() {
    return delivery.exported();
  }

  @Override
  public long spansDropped() {
    return delivery.dropped();
  }

  /** Sends what is pending now instead of when the batching would. */
  CompletableResultCode flush() {
    return delivery.forceFlush();
  }

  @Override
  public void close() {
    delivery.close(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    provider.shutdown();
  }
}
