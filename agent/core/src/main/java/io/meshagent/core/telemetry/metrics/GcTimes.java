package io.meshagent.core.telemetry.metrics;

import io.prometheus.client.Collector;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How often each collector of garbage has run and how long that took. Asked for each page. */
final class GcTimes extends Collector implements Collector.Describable {

  private static final double MILLIS = 1e3;

  private final MetricDescription description;

  GcTimes(Metrics metrics) {
    description =
        metrics.described(
            new MetricDescription(
                "summary",
                "jvm_gc_collection_seconds",
                "Seconds that collections of garbage took, by collector.",
                "gc"));
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples.Sample> samples = new ArrayList<>();
    try {
      for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
        add(samples, "_count", gc.getName(), (double) gc.getCollectionCount());
        add(samples, "_sum", gc.getName(), gc.getCollectionTime() / MILLIS);
      }
    } catch (LinkageError e) {
      // A run-time image without the JDK's management.
      return Collections.emptyList();
    }
    return family(samples);
  }

  private void add(
      List<MetricFamilySamples.Sample> samples, String ending, String gc, double value) {
    samples.add(
        new MetricFamilySamples.Sample(
            description.name() + ending,
            description.labels(),
            Collections.singletonList(gc),
            Math.max(0, value)));
  }

  private List<MetricFamilySamples> family(List<MetricFamilySamples.Sample> samples) {
    return Collections.singletonList(
        new MetricFamilySamples(description.name(), Type.SUMMARY, description.help(), samples));
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return family(Collections.emptyList());
  }
}
