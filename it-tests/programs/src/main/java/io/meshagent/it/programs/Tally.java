package io.meshagent.it.programs;

import io.grpc.Status;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What came of a run's calls. Thread-safe. */
final class Tally {

  private final Map<String, Integer> ok = new TreeMap<>();
  private final Map<String, Times> failed = new TreeMap<>();
  private final Times answered = new Times();
  private long started;
  private long ended;
  private long idleNanos;

  synchronized void start() {
    started = System.nanoTime();
  }

  synchronized void end() {
    ended = System.nanoTime();
  }

  /** For so long no call began. */
  synchronized void idle(long nanos) {
    idleNanos += nanos;
  }

  synchronized void ok(String server) {
    ok.merge(server, 1, Integer::sum);
    Timeline.ended("OK " + server);
  }

  synchronized void ok(String server, long nanos) {
    ok(server);
    answered.add(nanos / 1_000);
  }

  synchronized void failed(Status status, long nanos) {
    Timeline.ended(status.getCode().toString());
    String what = status.getCode() + ": " + status.getDescription();
    failed.computeIfAbsent(what, unused -> new Times()).add(nanos / 1_000);
  }

  /**
   * {@code
   * {"ok":{server:n},"failed":{status:{"n":..,"p50_us":..,"p99_us":..}},"ok_p99_us":..,"millis":..,"idle":..}}.
   */
  synchronized String toJson() {
    StringBuilder json = new StringBuilder("{\"ok\":{");
    String separator = "";
    for (Map.Entry<String, Integer> entry : ok.entrySet()) {
      json.append(separator).append(quoted(entry.getKey())).append(':').append(entry.getValue());
      separator = ",";
    }
    json.append("},\"failed\":{");
    separator = "";
    for (Map.Entry<String, Times> entry : failed.entrySet()) {
      Times times = entry.getValue();
      json.append(separator)
          .append(quoted(entry.getKey()))
          .append(":{\"n\":" + times.count)
          .append(",\"p50_us\":" + times.quantile(0.50))
          .append(",\"p99_us\":" + times.quantile(0.99) + "}");
      separator = ",";
    }
    return json.append("},\"ok_p99_us\":" + answered.quantile(0.99))
        .append(",\"millis\":" + (ended - started) / 1_000_000)
        .append(",\"idle\":" + idleNanos / 1_000_000 + "}")
        .toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else {
        quoted.append(c < ' ' ? ' ' : c);
      }
    }
    return quoted.append('"').toString();
  }

  private static final class Times {
    private long[] micros = new long[64];
    private int count;

    void add(long time) {
      if (count == micros.length) {
        micros = Arrays.copyOf(micros, count * 2);
      }
      micros[count++] = time;
    }

    /** 0 if there were none. */
    long quantile(double share) {
      if (count == 0) {
        return 0;
      }
      long[] sorted = Arrays.copyOf(micros, count);
      Arrays.sort(sorted);
      return sorted[(int) Math.min(count - 1, Math.floor(share * count))];
    }
  }
}
