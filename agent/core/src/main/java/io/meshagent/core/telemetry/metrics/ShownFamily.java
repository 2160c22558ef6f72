package io.meshagent.core.telemetry.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.exemplars.Exemplar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a page of metrics shows of a family: no {@code …_created}, which nobody reads, and of a
 * histogram of seconds so few buckets that a program with hundreds of methods has a page of less
 * than a megabyte. Buckets count those before them too, so what is left out makes no other number
 * wrong. Stateless.
 */
final class ShownFamily {

  /** Upper bounds; about four times the one before. */
  private static final Set<String> SECONDS =
      new HashSet<>(Arrays.asList("0.001", "0.005", "0.02", "0.1", "0.5", "2.0", "+Inf"));

  private static final String BOUND = "le";

  private ShownFamily() {}

  static MetricFamilySamples of(MetricFamilySamples family) {
    boolean fewer = family.type == Collector.Type.HISTOGRAM && family.name.endsWith("_seconds");
    List<Sample> samples = new ArrayList<>(family.samples.size());
    Exemplar left = null;
    for (Sample sample : family.samples) {
      if (sample.name.equals(family.name + "_created")) {
        continue;
      }
      if (!fewer || !isBucket(sample)) {
        samples.add(sample);
      } else if (SECONDS.contains(bound(sample))) {
        samples.add(sample.exemplar == null && left != null ? with(left, sample) : sample);
        left = null;
      } else if (sample.exemplar != null) {
        // It lies in the next one, too, which always comes: the last has no bound.
        left = sample.exemplar;
      }
    }
    return new MetricFamilySamples(family.name, family.unit, family.type, family.help, samples);
  }

  private static boolean isBucket(Sample sample) {
    int last = sample.labelNames.size() - 1;
    return last >= 0 && sample.labelNames.get(last).equals(BOUND);
  }

  private static String bound(Sample bucket) {
    return bucket.labelValues.get(bucket.labelValues.size() - 1);
  }

  private static Sample with(Exemplar exemplar, Sample of) {
    return new Sample(of.name, of.labelNames, of.labelValues, of.value, exemplar, of.timestampMs);
  }
}
