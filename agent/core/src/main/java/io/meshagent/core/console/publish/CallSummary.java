package io.meshagent.core.console.publish;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.meshagent.core.telemetry.metrics.EndedCalls;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How the calls that a program makes went over some time. Immutable. */
final class CallSummary {

  /** Of a summary, whatever a program calls. */
  static final int MOST_BYTES = 4_096;

  /** For the names of the program and the like, and what stands for methods that are left out. */
  private static final int RESERVED_BYTES = 1_024;

  private static final int MOST_BAD = 10;
  private static final int LONGEST_NAME = 200;
  private static final double MEDIAN = 0.5;
  private static final double LATE = 0.99;
  private static final double MILLIS = 1_000;

  /** Two figures say as much as such numbers mean, and stay the same more often. */
  private static final MathContext FIGURES = new MathContext(2);

  /** One method. */
  private static final class Row {
    final String method;
    final double calls;
    final double failed;
    final double medianMillis;
    final double lateMillis;

    Row(String method, EndedCalls ended) {
      this.method = method;
      this.calls = ended.all();
      this.failed = ended.failed();
      this.medianMillis = MILLIS * ended.quantile(MEDIAN);
      this.lateMillis = MILLIS * ended.quantile(LATE);
    }
  }

  private final double seconds;

  /** The most called first. */
  private final List<Row> rows = new ArrayList<>();

  private final List<BadInstance> bad;

  /**
   * @param ended meanwhile, by method
   * @param seconds how long that is
   * @param bad the instances that get no calls
   */
  CallSummary(Map<String, EndedCalls> ended, double seconds, List<BadInstance> bad) {
    this.seconds = seconds;
    ended.forEach(
        (method, of) -> {
          if (of.all() > 0) {
            rows.add(new Row(method, of));
          }
        });
    rows.sort(Comparator.comparingDouble((Row row) -> -row.calls).thenComparing(row -> row.method));
    this.bad = bad.subList(0, Math.min(MOST_BAD, bad.size()));
  }

  /** Whether it says what nobody would have guessed from the one that was published last. */
  boolean isNews(CallSummary last) {
    if (rows.size() != last.rows.size() || !bad.equals(last.bad)) {
      return true;
    }
    Map<String, Row> before = new HashMap<>();
    last.rows.forEach(row -> before.put(row.method, row));
    for (Row row : rows) {
      Row known = before.get(row.method);
      if (known == null || isNews(row, known, last.seconds)) {
        return true;
      }
    }
    return false;
  }

  private boolean isNews(Row row, Row known, double knownSeconds) {
    double expected = known.calls * seconds / knownSeconds;
    double expectedFailures = known.failed * seconds / knownSeconds;
    return differs(row.calls, expected)
        || differs(row.failed, expectedFailures)
        || (row.failed > 0) != (known.failed > 0)
        || isLonger(row.medianMillis, known.medianMillis, Math.min(row.calls, known.calls))
        || isLonger(known.medianMillis, row.medianMillis, Math.min(row.calls, known.calls))
        || isLonger(row.lateMillis, known.lateMillis, Math.min(row.calls, known.calls) / 10)
        || isLonger(known.lateMillis, row.lateMillis, Math.min(row.calls, known.calls) / 10);
  }

  /** By more than a quarter, and more than chance: of n calls it makes the root of n. */
  private static boolean differs(double calls, double expected) {
    double larger = Math.max(calls, expected);
    return Math.abs(calls - expected) > larger / 4 + 3 * Math.sqrt(larger);
  }

  /** A time of few calls says little. */
  private static boolean isLonger(double millis, double other, double calls) {
    return calls >= 10 && millis > 2 * other + 1;
  }

  /**
   * As it is published: one line of JSON.
   *
   * @param who what the program says of itself
   */
  String json(Map<String, String> who) {
    JsonObject json = new JsonObject();
    who.forEach((name, value) -> json.addProperty(name, shortened(value)));
    JsonArray ill = new JsonArray();
    bad.forEach(each -> ill.add(each.json()));
    int room = MOST_BYTES - RESERVED_BYTES - bytes(ill.toString());
    JsonObject calls = new JsonObject();
    double others = 0;
    double othersCalls = 0;
    double othersFailed = 0;
    for (Row row : rows) {
      int slash = row.method.lastIndexOf('/');
      String service = slash < 0 ? "" : row.method.substring(0, slash);
      JsonArray numbers = numbers(row);
      boolean known = calls.has(service);
      int takes =
          bytes(row.method.substring(slash + 1) + numbers)
              + (known ? 0 : bytes(service))
              // Quotes, colons, brackets and commas, and some that are escaped.
              + 12;
      room -= takes;
      if (room < 0 || row.method.length() > LONGEST_NAME) {
        others++;
        othersCalls += row.calls;
        othersFailed += row.failed;
        continue;
      }
      if (!known) {
        calls.add(service, new JsonObject());
      }
      calls.getAsJsonObject(service).add(row.method.substring(slash + 1), numbers);
    }
    json.add("calls", calls);
    if (others > 0) {
      JsonArray left = new JsonArray();
      left.add(others);
      left.add(rounded(othersCalls / seconds));
      left.add(rounded(othersFailed / seconds));
      json.add("others", left);
    }
    json.add("bad", ill);
    return json.toString();
  }

  private JsonArray numbers(Row row) {
    JsonArray numbers = new JsonArray();
    numbers.add(rounded(row.calls / seconds));
    numbers.add(rounded(row.failed / seconds));
    numbers.add(rounded(row.medianMillis));
    numbers.add(rounded(row.lateMillis));
    return numbers;
  }

  private static BigDecimal rounded(double number) {
    BigDecimal two = new BigDecimal(number).round(FIGURES).stripTrailingZeros();
    return two.scale() < 0 ? two.setScale(0) : two;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  static String shortened(String text) {
    return text.length() > LONGEST_NAME / 2 ? text.substring(0, LONGEST_NAME / 2) + "…" : text;
  }
}
