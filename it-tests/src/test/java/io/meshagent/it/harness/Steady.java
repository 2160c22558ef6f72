package io.meshagent.it.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Calls and open streams at a steady rate, made by a load client from here to {@link #endUnharmed}
 * while a test makes trouble. For the test's thread.
 */
public final class Steady {

  private static final int RATE = Scenario.many(200);
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

  /**
   * How long it takes until something holds, in seconds for a sentence; fails after a limit.
   *
   * @param concerned whose words and metrics belong to the failure
   */
  public static double secondsUntil(
      String what, Duration limit, Callable<Boolean> holds, Jvm... concerned) {
    return secondsSince(System.nanoTime(), what, limit, holds, concerned);
  }

  /** The same from an earlier moment on, by {@link System#nanoTime}. */
  public static double secondsSince(
      long began, String what, Duration limit, Callable<Boolean> holds, Jvm... concerned) {
    try {
      Awaitility.await(what)
          .atMost(limit.minusNanos(System.nanoTime() - began))
          .pollDelay(Duration.ZERO)
          .pollInterval((polls, before) -> pause(Duration.ofNanos(System.nanoTime() - began)))
          .until(holds);
    } catch (ConditionTimeoutException e) {
      String said =
          Arrays.stream(concerned)
              .map(each -> each.described(each.metrics().text()))
              .collect(Collectors.joining("\n"));
      throw new AssertionError("not within " + limit + ": " + what + "\n" + said, e);
    }
    return (System.nanoTime() - began) / 1e9;
  }

  /**
   * Until the next look: short at first, for what comes at once, and a fiftieth of what has passed,
   * because who is looked at works for it, on the same processors.
   */
  private static Duration pause(Duration passed) {
    return Duration.ofMillis(Math.max(10, Math.min(250, passed.toMillis() / 50)));
  }

  /** Trouble lasts. */
  public static void pass(Duration time) {
    Awaitility.await().pollDelay(time).atMost(time.plusSeconds(30)).until(() -> true);
  }

  public static String seconds(double value) {
    return String.format(Locale.ROOT, "%.2f s", value);
  }
}
