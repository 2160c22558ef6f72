package io.meshagent.it.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/**
 * Calls and open streams at a steady rate, made by a load client from here to {@link #endUnharmed}
 * while a test makes trouble. For the test's thread.
 */
public final class Steady {

  private static final int RATE = 200;
  private static final int STREAMS = 5;

  private final Jvm load;

  private Steady(Jvm load) {
    this.load = load;
  }

  public static Steady begin(Jvm loadClient) {
    String unused = loadClient.ask("begin rate=" + RATE + " streams=" + STREAMS);
    return new Steady(loadClient);
  }

  /** Ends the calls; none may have failed. Says so, for a scenario's row. */
  public String endUnharmed() {
    LoadResult calls = load.load("end");
    LoadResult messages = load.load("streams");
    assertThat(calls.failed()).as(() -> load.described("calls")).isEmpty();
    assertThat(messages.failed()).as(() -> load.described("streams")).isEmpty();
    assertThat(calls.ok()).as("calls that were answered").isPositive();
    return "%d calls/s, %,d calls and %d streams, 0 failed".formatted(RATE, calls.ok(), STREAMS);
  }

  /** How long it takes until something holds, in seconds for a sentence; fails after a limit. */
  public static double secondsUntil(String what, Duration limit, Callable<Boolean> holds) {
    return secondsSince(System.nanoTime(), what, limit, holds);
  }

  /** The same from an earlier moment on, by {@link System#nanoTime}. */
  public static double secondsSince(
      long began, String what, Duration limit, Callable<Boolean> holds) {
    Awaitility.await(what)
        .atMost(limit.minusNanos(System.nanoTime() - began))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(holds);
    return (System.nanoTime() - began) / 1e9;
  }

  /** Trouble lasts. */
  public static void pass(Duration time) {
    Awaitility.await().pollDelay(time).atMost(time.plusSeconds(30)).until(() -> true);
  }

  public static String seconds(double value) {
    return String.format(Locale.ROOT, "%.2f s", value);
  }
}
