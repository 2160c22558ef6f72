package io.meshagent.core.telemetry.metrics;

import io.meshagent.core.telemetry.otlp.OtlpMessage;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request to a collector that is being written: the families of a moment in OpenTelemetry's
 * terms, an {@code ExportMetricsServiceRequest}. The names {@code grpc_…} become those of gRPC's
 * proposals again, and so do their labels; all others stay as they are on a page, which is what
 * OpenTelemetry's own exporters for Prometheus make of both. For one thread.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto">the
 *     numbers of the fields</a>
 */
final class OtlpRequest {

  private static final String GRPC = "grpc_";
  private static final String BOUND = "le";
  private static final String NO_BOUND = "+Inf";

  /** {@code AGGREGATION_TEMPORALITY_CUMULATIVE}. */
  private static final int SINCE_START = 2;

  // Fields of a metric …
  private static final int GAUGE = 5;
  private static final int SUM = 7;
  private static final int HISTOGRAM = 9;
  private static final int SUMMARY = 11;

  // … and of each kind of values, whose labels have two numbers.
  private static final int POINTS = 1;
  private static final int LABELS = 7;
  private static final int HISTOGRAM_LABELS = 9;

  private final OtlpMessage resource;
  private final OtlpMessage metrics = new OtlpMessage();

  /** Since 1970; as the next. */
  private final long startNanos;

  private final long nowNanos;
  private int values;

  OtlpRequest(Resource resource, long startNanos, long nowNanos) throws IOException {
    this.resource = OtlpMessage.of(resource);
    this.startNanos = startNanos;
    this.nowNanos = nowNanos;
    metrics.message(1, new OtlpMessage().text(1, "io.meshagent"));
  }

  /** How many values are in it. */
  int values() {
    return values;
  }

  byte[] toBytes() throws IOException {
    OtlpMessage ofResource = new OtlpMessage().message(1, resource).message(2, metrics);
    return new OtlpMessage().message(1, ofResource).toBytes();
  }

  /** One that has nothing to say is left out. */
  void add(MetricFamilySamples family) throws IOException {
    int before = values;
    int kind = GAUGE;
    OtlpMessage data = new OtlpMessage();
    if (family.type == Collector.Type.COUNTER) {
      kind = SUM;
      numbers(data, family, "_total");
      data.word(2, SINCE_START).word(3, 1);
    } else if (family.type == Collector.Type.HISTOGRAM) {
      kind = HISTOGRAM;
      for (List<Sample> series : series(family)) {
        data.message(POINTS, histogram(series));
      }
      data.word(2, SINCE_START);
    } else if (family.type == Collector.Type.SUMMARY) {
      kind = SUMMARY;
      for (List<Sample> series : series(family)) {
        data.message(POINTS, summary(series));
      }
    } else {
      numbers(data, family, "");
    }
    if (values > before) {
      metrics.message(
          2,
          new OtlpMessage()
              .text(1, name(family.name))
              .text(2, family.help)
              .text(3, unit(family.name))
              .message(kind, data));
    }
  }

  /** {@code grpc_client_call_duration_seconds} is {@code grpc.client.call.duration}, in seconds. */
  private static String name(String family) {
    return family.startsWith(GRPC)
        ? String.join(".", family.replaceFirst("_(seconds|bytes)$", "").split("_", 4))
        : family;
  }

  private static String unit(String family) {
    if (!family.startsWith(GRPC)) {
      return "";
    }
    return family.endsWith("_seconds") ? "s" : family.endsWith("_bytes") ? "By" : "";
  }

  private void numbers(OtlpMessage data, MetricFamilySamples family, String ending)
      throws IOException {
    for (Sample sample : family.samples) {
      if (sample.name.equals(family.name + ending)) {
        OtlpMessage value = value().real(4, sample.value);
        label(value, LABELS, sample);
        data.message(POINTS, value);
      }
    }
  }

  private OtlpMessage value() throws IOException {
    values++;
    return new OtlpMessage().fixed(2, startNanos).fixed(3, nowNanos);
  }

  private OtlpMessage histogram(List<Sample> series) throws IOException {
    List<Double> bounds = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    double sum = 0;
    long all = 0;
    for (Sample sample : series) {
      String bound = bound(sample);
      if (bound != null) {
        counts.add((long) sample.value - all);
        all = (long) sample.value;
        if (!bound.equals(NO_BOUND)) {
          bounds.add(Double.valueOf(bound));
        }
      }
      sum = sample.name.endsWith("_sum") ? sample.value : sum;
    }
    OtlpMessage value = value().fixed(4, all).real(5, sum);
    value.allFixed(6, counts).allReal(7, bounds);
    label(value, HISTOGRAM_LABELS, series.get(0));
    return value;
  }

  private OtlpMessage summary(List<Sample> series) throws IOException {
    double sum = 0;
    long count = 0;
    for (Sample sample : series) {
      sum = sample.name.endsWith("_sum") ? sample.value : sum;
      count = sample.name.endsWith("_count") ? (long) sample.value : count;
    }
    OtlpMessage value = value().fixed(4, count).real(5, sum);
    label(value, LABELS, series.get(0));
    return value;
  }

  /** Samples with the same labels, but for the bound of a bucket. */
  private static Iterable<List<Sample>> series(MetricFamilySamples family) {
    Map<List<String>, List<Sample>> series = new LinkedHashMap<>();
    for (Sample sample : family.samples) {
      if (!sample.name.endsWith("_created")) {
        List<String> labels = sample.labelValues;
        List<String> own = bound(sample) == null ? labels : labels.subList(0, labels.size() - 1);
        series.computeIfAbsent(own, unused -> new ArrayList<>()).add(sample);
      }
    }
    return series.values();
  }

  private static String bound(Sample sample) {
    int last = sample.labelNames.size() - 1;
    return last >= 0 && sample.labelNames.get(last).equals(BOUND)
        ? sample.labelValues.get(last)
        : null;
  }

  private static void label(OtlpMessage value, int field, Sample sample) throws IOException {
    for (int i = 0; i < sample.labelNames.size(); i++) {
      String name = sample.labelNames.get(i);
      if (!name.equals(BOUND)) {
        String key = name.startsWith(GRPC) ? "grpc." + name.substring(GRPC.length()) : name;
        value.attribute(field, key, sample.labelValues.get(i));
      }
    }
  }
}
