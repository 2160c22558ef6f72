package io.meshagent.it.harness;

import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prints the values that an {@link OtlpReceiver} gets. */
final class OtlpValues extends MetricsServiceGrpc.MetricsServiceImplBase {

  @Override
  public void export(
      ExportMetricsServiceRequest request, StreamObserver<ExportMetricsServiceResponse> reply) {
    StringBuilder lines = new StringBuilder();
    for (ResourceMetrics resource : request.getResourceMetricsList()) {
      String service = OtlpReceiver.serviceOf(resource.getResource());
      for (ScopeMetrics scope : resource.getScopeMetricsList()) {
        scope.getMetricsList().forEach(metric -> append(lines, service, metric));
      }
    }
    System.out.print(lines);
    reply.onNext(ExportMetricsServiceResponse.getDefaultInstance());
    reply.onCompleted();
  }

  private static void append(StringBuilder lines, String service, Metric metric) {
    String head = String.join("\t", "value", service, metric.getName(), metric.getUnit(), "");
    for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
      line(lines, head, point.getAttributesList(), point.getAsDouble(), "");
    }
    for (NumberDataPoint point : metric.getGauge().getDataPointsList()) {
      line(lines, head, point.getAttributesList(), point.getAsDouble(), "");
    }
    for (SummaryDataPoint point : metric.getSummary().getDataPointsList()) {
      line(lines, head, point.getAttributesList(), (double) point.getCount(), "");
    }
    for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
      String rest =
          point.getSum() + " " + point.getExplicitBoundsList() + " " + point.getBucketCountsList();
      line(lines, head, point.getAttributesList(), (double) point.getCount(), rest);
    }
  }

  private static void line(
      StringBuilder lines, String head, List<KeyValue> labels, double value, String rest) {
    Map<String, String> sorted = new TreeMap<>();
    labels.forEach(label -> sorted.put(label.getKey(), label.getValue().getStringValue()));
    lines.append(head).append(sorted).append('\t').append(value).append('\t').append(rest);
    lines.append('\n');
  }
}
