package io.meshagent.core.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The calls of a program at one look, read from its metrics in Prometheus' text format. Immutable
 * once read.
 */
final class CallTable {

  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\{(.*)} (\\S+)(?: \\S+)?");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern DURATION =
      Pattern.compile("grpc_(client|server)_call_duration_seconds_(count|bucket)");

  private final long nanos = System.nanoTime();

  /** By side and method. */
  private final Map<String, Row> rows = new TreeMap<>();

  private CallTable() {}

  /** What is counted of one method on one side since the program began. */
  private static final class Row {
    double calls;
    double failed;
    double inFlight;

    /** How many took no longer than the bound, in seconds. */
    final TreeMap<Double, Double> below = new TreeMap<>();
  }

  static CallTable of(String metrics) {
    CallTable table = new CallTable();
    for (String line : metrics.split("\n", -1)) {
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches()) {
        table.add(sample.group(1), labels(sample.group(2)), number(sample.group(3)));
      }
    }
    return table;
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new HashMap<>();
    Matcher label = LABEL.matcher(text);
    while (label.find()) {
      String value = label.group(2);
      labels.put(label.group(1), value.indexOf('\\') < 0 ? value : unescaped(value));
    }
    return labels;
  }

  private static String unescaped(String value) {
    return value.replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\");
  }

  private static double number(String text) {
    try {
      return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void add(String name, Map<String, String> labels, double value) {
    String method = labels.get("grpc_method");
    if (method == null) {
      return;
    }
    Matcher duration = DURATION.matcher(name);
    if (duration.matches()) {
      Row row = row(duration.group(1), method);
      if (duration.group(2).equals("bucket")) {
        row.below.merge(number(labels.getOrDefault("le", "+Inf")), value, Double::sum);
      } else {
        row.calls += value;
        row.failed += "OK".equals(labels.get("grpc_status")) ? 0 : value;
      }
    } else if (name.equals("mesh_calls_in_flight") && labels.containsKey("side")) {
      row(labels.get("side"), method).inFlight += value;
    }
  }

  private Row row(String side, String method) {
    return rows.computeIfAbsent(side + " " + method, unused -> new Row());
  }

  /** What has happened since an earlier look, a row a method, for JSON. */
  List<Map<String, Object>> since(CallTable before) {
    double seconds = Math.max(1e-3, (nanos - before.nanos) / 1e9);
    List<Map<String, Object>> all = new ArrayList<>();
    rows.forEach(
        (name, row) -> {
          Row old = before.rows.getOrDefault(name, new Row());
          double calls = row.calls - old.calls;
          double failed = row.failed - old.failed;
          Map<String, Object> facts = new LinkedHashMap<>();
          facts.put("side", name.substring(0, name.indexOf(' ')));
          facts.put("method", name.substring(name.indexOf(' ') + 1));
          facts.put("calls per second", rounded(calls / seconds));
          facts.put("failed per second", rounded(failed / seconds));
          facts.put("p50 ms", millis(row, old, 0.5));
          facts.put("p99 ms", millis(row, old, 0.99));
          facts.put("in flight", (long) row.inFlight);
          facts.put("calls", (long) row.calls);
          facts.put("failed", (long) row.failed);
          all.add(facts);
        });
    return all;
  }

  private static double rounded(double value) {
    return Math.round(10 * value) / 10.0;
  }

  /** The bound that this share of the calls since then did not exceed; null if there were none. */
  private static Double millis(Row now, Row old, double share) {
    Double all = now.below.get(Double.POSITIVE_INFINITY);
    double count = all == null ? 0 : all - old.below.getOrDefault(Double.POSITIVE_INFINITY, 0.0);
    if (count <= 0) {
      return null;
    }
    double last = 0;
    for (Map.Entry<Double, Double> each : now.below.entrySet()) {
      double below = each.getValue() - old.below.getOrDefault(each.getKey(), 0.0);
      if (!each.getKey().isInfinite()) {
        last = each.getKey();
        if (below >= share * count) {
          return last * 1_000;
        }
      }
    }
    return last * 1_000;
  }

  /** For people. */
  void print(CallTable before, PrintStream out) {
    Columns columns =
        new Columns(
            "SIDE", "METHOD", "CALLS/S", "FAILED/S", "P50 MS", "P99 MS", "IN FLIGHT", "ALL");
    for (Map<String, Object> row : since(before)) {
      columns.add(
          row.get("side"),
          row.get("method"),
          row.get("calls per second"),
          row.get("failed per second"),
          shown(row.get("p50 ms")),
          shown(row.get("p99 ms")),
          row.get("in flight"),
          row.get("calls"));
    }
    columns.print("", out);
    if (rows.isEmpty()) {
      out.println("No call has ended yet.");
    }
  }

  private static String shown(Object millis) {
    return millis == null ? "-" : String.valueOf(millis);
  }
}
