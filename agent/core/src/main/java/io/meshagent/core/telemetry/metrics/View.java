package io.meshagent.core.telemetry.metrics;

import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * A metric whose values are read from their source whenever a page of metrics is written, on the
 * thread that writes it. A source that throws is left out of this page and counted.
 */
final class View extends Collector implements Collector.Describable {

  /** Keeps a page readable when a source has grown beyond what anybody could mean. */
  private static final int MOST_SAMPLES = 10_000;

  private final Type type;
  private final String name;
  private final String help;
  private final List<String> labelNames;
  private final Consumer<Samples> source;
  private final Consumer<String> failed;

  View(
      Type type,
      String name,
      String help,
      List<String> labelNames,
      Consumer<Samples> source,
      Consumer<String> failed) {
    checkMetricName(name);
    labelNames.forEach(Collector::checkMetricLabelName);
    if ((type == Type.COUNTER) != name.endsWith("_total")) {
      throw new IllegalArgumentException(
          name + ": a counter's name, and no other, ends with _total");
    }
    this.type = type;
    this.name = name;
    this.help = help;
    this.labelNames = Collections.unmodifiableList(new ArrayList<>(labelNames));
    this.source = source;
    this.failed = failed;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples.Sample> samples = new ArrayList<>();
    try {
      source.accept((value, labels) -> add(samples, value, labels));
    } catch (RuntimeException | LinkageError e) {
      failed.accept("metric " + name);
      return Collections.emptyList();
    }
    return Collections.singletonList(new MetricFamilySamples(name, type, help, samples));
  }

  private void add(List<MetricFamilySamples.Sample> samples, double value, String... labels) {
    if (labels.length != labelNames.size()) {
      throw new IllegalArgumentException(name + " has the labels " + labelNames);
    }
    if (samples.size() >= MOST_SAMPLES) {
      return;
    }
    List<String> values = new ArrayList<>(labels.length);
    for (String label : Arrays.asList(labels)) {
      values.add(label == null ? "" : label);
    }
    samples.add(new MetricFamilySamples.Sample(name, labelNames, values, value));
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return Collections.singletonList(
        new MetricFamilySamples(name, type, help, Collections.emptyList()));
  }
}
