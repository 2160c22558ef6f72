package io.meshagent.core.console.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meshagent.core.run.ManualLoop;
import io.meshagent.core.telemetry.metrics.EndedCalls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CallPublisherTest {

  private static final double[] BOUNDS = {0.01, 0.1, 1};
  private static final Duration EVERY = Duration.ofSeconds(15);

  private final ManualLoop loop = new ManualLoop();
  private final Random random = new Random(1);
  private final Map<String, double[]> counts = new TreeMap<>();
  private final List<BadInstance> bad = new ArrayList<>();
  private final Map<String, String> who = new HashMap<>(Map.of("id", "6f1c", "app", "shop"));

  /** What was written, null for what was taken away. */
  private final List<String> told = new ArrayList<>();

  private final CallPublisher publisher =
      new CallPublisher(
          loop, this::ended, () -> List.copyOf(bad), () -> who, told::add, random::nextDouble);

  private Map<String, EndedCalls> ended() {
    Map<String, EndedCalls> ended = new HashMap<>();
    counts.forEach(
        (method, of) -> {
          EndedCalls calls = new EndedCalls(BOUNDS);
          calls.add(new double[] {of[0], of[0], of[0], of[0]}, false);
          calls.add(new double[] {0, of[1], of[1], of[1]}, true);
          ended.put(method, calls);
        });
    return ended;
  }

  /** So many calls a second for a while, as they come by chance. */
  private void traffic(int seconds, double good, double failed, String... methods) {
    for (int i = 0; i < seconds; i++) {
      for (String method : methods) {
        double[] of = counts.computeIfAbsent(method, unused -> new double[2]);
        of[0] += poisson(good);
        of[1] += poisson(failed);
      }
      loop.passSeconds(1);
    }
  }

  private int poisson(double mean) {
    int n = 0;
    for (double left = random.nextDouble(); left > Math.exp(-mean); left *= random.nextDouble()) {
      n++;
    }
    return n;
  }

  private static String[] methods(int count) {
    String[] methods = new String[count];
    for (int i = 0; i < count; i++) {
      methods[i] = "com.example.shop.orders.v" + i % 7 + ".Orders/FindOrdersOfCustomer" + i;
    }
    return methods;
  }

  private JsonObject last() {
    return JsonParser.parseString(told.get(told.size() - 1)).getAsJsonObject();
  }

  private JsonArray numbers(String service, String method) {
    return last().getAsJsonObject("calls").getAsJsonObject(service).getAsJsonArray(method);
  }

  private long bytesOnTheWire() {
    return told.stream()
        .mapToLong(text -> 3L * text.getBytes(StandardCharsets.UTF_8).length + 600)
        .sum();
  }

  @Test
  void switched_off_it_asks_and_says_nothing() {
    publisher.become(Duration.ZERO);
    traffic(600, 10, 1, "a.B/c");

    assertThat(told).isEmpty();
  }

  @Test
  void says_by_method_how_the_last_minute_was() {
    publisher.become(EVERY);
    traffic(400, 20, 0, "a.B/c", "a.B/d");
    traffic(90, 20, 5, "a.B/c", "a.B/d");

    JsonArray numbers = numbers("a.B", "d");
    assertThat(numbers.get(0).getAsDouble()).isBetween(19.0, 31.0);
    assertThat(numbers.get(1).getAsDouble()).isBetween(0.5, 7.0);
    assertThat(numbers.get(2).getAsDouble()).as("p50").isBetween(4.0, 10.0);
    assertThat(numbers.get(3).getAsDouble()).as("p99").isBetween(10.0, 100.0);
    assertThat(last().get("app").getAsString()).isEqualTo("shop");
  }

  @Test
  void what_stays_as_it_is_is_told_again_every_few_minutes_at_most() {
    publisher.become(EVERY);
    traffic(180, 50, 0, methods(5));
    int before = told.size();

    traffic(3_600, 50, 0, methods(5));

    assertThat(told.size() - before).isLessThanOrEqualTo(12);
  }

  @Test
  void where_nobody_calls_it_says_so_once() {
    publisher.become(EVERY);
    traffic(3_600, 0, 0, "a.B/c");

    assertThat(told).hasSize(1);
    assertThat(last().getAsJsonObject("calls").size()).isZero();
  }

  @Test
  void failures_and_bad_instances_are_told_soon() {
    publisher.become(EVERY);
    traffic(600, 50, 0, "a.B/c");
    int before = told.size();

    traffic(20, 50, 1, "a.B/c");
    assertThat(told.size()).isGreaterThan(before);

    before = told.size();
    bad.add(new BadInstance("a.B", "10.0.0.1:1", "7 failures in a row"));
    traffic(20, 50, 1, "a.B/c");
    assertThat(told.size()).isGreaterThan(before);
    assertThat(last().getAsJsonArray("bad").get(0).getAsJsonArray().get(1).getAsString())
        .isEqualTo("10.0.0.1:1");
  }

  @Test
  void whatever_happens_it_writes_little() {
    publisher.become(Duration.ofSeconds(1));
    for (int i = 0; i < 360; i++) {
      traffic(10, i % 2 == 0 ? 0.1 : 20, i % 3, methods(30));
    }

    assertThat(told).hasSizeGreaterThan(10);
    assertThat(bytesOnTheWire())
        .isLessThanOrEqualTo(3_600L * CallPublisher.BYTES_A_SECOND + 20_000);
  }

  @Test
  void many_methods_are_summed_up() {
    publisher.become(EVERY);
    who.put("version", "x".repeat(10_000));
    counts.put("a.B/" + "m".repeat(1_000), new double[2]);
    traffic(100, 1, 1, "a.B/" + "m".repeat(1_000));
    traffic(200, 2, 0, methods(2_000));

    assertThat(told).allMatch(text -> text.length() <= CallSummary.MOST_BYTES);
    assertThat(last().getAsJsonArray("others").get(0).getAsInt()).isGreaterThan(1_900);
    assertThat(last().getAsJsonObject("calls").size()).isGreaterThan(3);
  }

  @Test
  void switched_off_while_it_runs_it_takes_back_what_it_said() {
    publisher.become(EVERY);
    traffic(60, 10, 0, "a.B/c");

    publisher.become(Duration.ZERO);
    traffic(600, 20, 5, "a.B/c");
    assertThat(told.get(told.size() - 1)).isNull();

    publisher.become(EVERY);
    traffic(60, 10, 0, "a.B/c");
    assertThat(told.get(told.size() - 1)).contains("a.B");
  }
}
