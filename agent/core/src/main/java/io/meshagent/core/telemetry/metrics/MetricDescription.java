package io.meshagent.core.telemetry.metrics;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What is known of a metric before it has a value. Immutable. */
public final class MetricDescription {

  private final String type;
  private final String name;
  private final String help;
  private final List<String> labels;

  MetricDescription(String type, String name, String help, String... labels) {
    this.type = type;
    this.name = name;
    this.help = help;
    this.labels = Collections.unmodifiableList(Arrays.asList(labels.clone()));
  }

  /** {@code counter}, {@code gauge}, {@code histogram} or {@code summary}. */
  public String type() {
    return type;
  }

  /** As pages have it; a histogram's samples have an ending more. */
  public String name() {
    return name;
  }

  /** A sentence for people. */
  public String help() {
    return help;
  }

  /** Without those that the type brings. */
  public List<String> labels() {
    return labels;
  }

  String[] labelNames() {
    return labels.toArray(new String[0]);
  }
}
