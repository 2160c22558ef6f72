package io.meshagent.core.telemetry.metrics;

/** Takes the values of one metric while a page of metrics is written. Not kept beyond that. */
public interface Samples {

  /**
   * Adds one value.
   *
   * @param labels the values of the metric's labels, in the order of their names; null counts as
   *     empty
   */
  void add(double value, String... labels);
}
