package io.meshagent.core.telemetry.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.io.IOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes families in Prometheus' text format 0.0.4, to the letter as simpleclient does, which takes
 * several times as long because it hands on each character by itself. For one thread.
 */
final class PlainText {

  /** So many characters are handed on at once. */
  private static final int CHUNK = 32_768;

  /** From here on numbers are written with an exponent. */
  private static final long MOST_PLAIN = 10_000_000;

  private final Writer to;

  /** By what it is of: a page has the same few labels in all of its lines. */
  private final Map<String, String> escaped = new HashMap<>();

  private final StringBuilder text = new StringBuilder(CHUNK + 1_024);

  PlainText(Writer to) {
    this.to = to;
  }

  void write(List<MetricFamilySamples> families) throws IOException {
    for (MetricFamilySamples family : families) {
      String name = nameOf(family);
      text.append("# HELP ").append(name).append(' ');
      escape(family.help, false, text);
      text.append("\n# TYPE ").append(name).append(' ').append(word(family.type)).append('\n');
      for (Sample sample : family.samples) {
        write(sample);
        if (text.length() >= CHUNK) {
          handOn();
        }
      }
    }
    handOn();
  }

  /** Families of counters lack the ending that pages have. */
  private static String nameOf(MetricFamilySamples family) {
    return family.type == Collector.Type.COUNTER ? family.name + "_total" : family.name;
  }

  private static String word(Collector.Type type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private void write(Sample sample) {
    text.append(sample.name);
    if (!sample.labelNames.isEmpty()) {
      text.append('{');
      for (int i = 0; i < sample.labelNames.size(); i++) {
        text.append(sample.labelNames.get(i)).append("=\"");
        text.append(escaped.computeIfAbsent(sample.labelValues.get(i), PlainText::escaped));
        text.append("\",");
      }
      text.append('}');
    }
    text.append(' ');
    number(sample.value);
    text.append('\n');
  }

  /** Most are counts. */
  private void number(double value) {
    long whole = (long) value;
    if (whole == value && whole > 0 && whole < MOST_PLAIN) {
      text.append(whole).append(".0");
    } else {
      text.append(Collector.doubleToGoString(value));
    }
  }

  private static String escaped(String label) {
    StringBuilder made = new StringBuilder(label.length() + 8);
    escape(label, true, made);
    return made.toString();
  }

  private static void escape(String value, boolean quotes, StringBuilder to) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' || c == '\n' || (quotes && c == '"')) {
        to.append('\\').append(c == '\n' ? 'n' : c);
      } else {
        to.append(c);
      }
    }
  }

  private void handOn() throws IOException {
    to.append(text);
    text.setLength(0);
  }
}
