package io.meshagent.core.policy.base;

import java.util.List;
import java.util.function.Consumer;

/**
 * Takes the metrics that a policy shows beside those that every pipeline has. Implemented by the
 * engine; a source is asked whenever a page of metrics is written, on an admin thread, and must not
 * block.
 */
public interface PolicyMetrics {

  /** Takes the values of one metric while a page is written. Not kept beyond that. */
  interface Values {

    /**
     * Adds one value.
     *
     * @param labels the values of the metric's labels, in the order of their names
     */
    void add(double value, String... labels);
  }

  /**
   * A value that goes up and down.
   *
   * @param name {@code mesh_…}
   * @param help one sentence for people
   */
  void gauge(String name, String help, List<String> labelNames, Consumer<Values> source);

  /** A value that only grows, named {@code mesh_…_total}; as {@link #gauge} otherwise. */
  void counter(String name, String help, List<String> labelNames, Consumer<Values> source);
}
