package io.meshagent.core.telemetry.metrics;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/** Renders metrics as the table of the reference in {@code docs/metrics.md}. Stateless. */
public final class MetricsReference {

  private MetricsReference() {}

  /** The table as Markdown, in the order of names, with a line break at its end. */
  public static String markdown(Collection<MetricDescription> metrics) {
    StringBuilder table = new StringBuilder(8_192);
    table.append("| metric | type | labels | what it says |\n");
    table.append("|---|---|---|---|\n");
    metrics.stream()
        .sorted(Comparator.comparing(MetricDescription::name))
        .forEach(metric -> table.append(row(metric)));
    return table.toString();
  }

  private static String row(MetricDescription metric) {
    String labels =
        metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
    return "| `"
        + metric.name()
        + "` | "
        + metric.type()
        + " | "
        + labels
        + " | "
        + metric.help().replace("|", "\\|")
        + " |\n";
  }
}
