package io.meshagent.core.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.Summary;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainTextTest {

  @Test
  void writes_what_simpleclient_would() throws IOException {
    CollectorRegistry registry = new CollectorRegistry();
    Gauge.build("a_gauge", "A \\ \"gauge\"\nof ours.")
        .labelNames("who", "what")
        .register(registry)
        .labels("a \"b\" \\ c\n", "")
        .set(-0.25);
    Gauge.build("odd", "Odd.").register(registry).set(Double.NEGATIVE_INFINITY);
    Gauge.build("no_number", "No number.").register(registry).set(Double.NaN);
    Counter.build("things_total", "Things.").register(registry).inc(1e9);
    Histogram.build("took_seconds", "Took.")
        .labelNames("x")
        .register(registry)
        .labels("y")
        .observe(0.3);
    Summary.build("sizes", "Sizes.").quantile(0.5, 0.1).register(registry).observe(3);
    // Longer than what is handed on at once.
    Gauge many = Gauge.build("many", "Many.").labelNames("i").register(registry);
    for (int i = 0; i < 3_000; i++) {
      many.labels("number " + i).set(i % 2 == 0 ? i / 7.0 : Math.pow(i - 1_500, 3));
    }

    List<MetricFamilySamples> families = Collections.list(registry.metricFamilySamples());
    StringWriter theirs = new StringWriter();
    TextFormat.write004(theirs, Collections.enumeration(kept(families)));
    StringWriter ours = new StringWriter();
    new PlainText(ours).write(kept(families));

    assertThat(ours.toString()).isEqualTo(theirs.toString());
  }

  /** As on pages: they would end in a family of their own. */
  private static List<MetricFamilySamples> kept(List<MetricFamilySamples> families) {
    return families.stream().map(ShownFamily::of).toList();
  }
}
