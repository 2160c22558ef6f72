package io.meshagent.core.policy.concurrency;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;

import io.meshagent.core.api.Side;
import io.meshagent.core.config.Key;
import io.meshagent.core.config.Types;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The settings of limits on how many calls are under way at once, on either side. */
public final class ConcurrencyKeys {

  private static final int LONGEST_QUEUE = 100_000;

  public static final Key<Limit> CLIENT_LIMIT =
      limit(
          "client",
          "The most calls that this program has under way at once; what is above waits in the queue"
              + " or is refused (RESOURCE_EXHAUSTED).");
  public static final Key<Integer> CLIENT_QUEUE = queue("client");
  public static final Key<Duration> CLIENT_QUEUE_TIMEOUT = queueTimeout("client");

  public static final Key<Limit> SERVER_LIMIT =
      limit(
          "server",
          "The most calls that this program answers at once; what is above waits in the queue or is"
              + " refused (RESOURCE_EXHAUSTED).");
  public static final Key<Integer> SERVER_QUEUE = queue("server");
  public static final Key<Duration> SERVER_QUEUE_TIMEOUT = queueTimeout("server");

  static final List<Key<?>> ALL =
      Collections.unmodifiableList(
          Arrays.<Key<?>>asList(
              CLIENT_LIMIT,
              CLIENT_QUEUE,
              CLIENT_QUEUE_TIMEOUT,
              SERVER_LIMIT,
              SERVER_QUEUE,
              SERVER_QUEUE_TIMEOUT));

  private ConcurrencyKeys() {}

  private static Key<Limit> limit(String side, String sentence) {
    return Key.live(
            side + ".concurrency.limit",
            Limit.type(),
            "off",
            sentence
                + " All calls that a setting applies to share it; adaptive finds the number by the"
                + " time that calls take.")
        .perMethod();
  }

  private static Key<Integer> queue(String side) {
    return Key.live(
            side + ".concurrency.queue",
            Types.number(0, LONGEST_QUEUE),
            "0",
            "The most calls that wait for a place under "
                + side
                + ".concurrency.limit; they take no thread.")
        .perMethod();
  }

  private static Key<Duration> queueTimeout(String side) {
    return Key.live(
            side + ".concurrency.queue-timeout",
            Types.duration(ofMillis(1), ofMinutes(10)),
            "1s",
            "The longest a call waits in "
                + side
                + ".concurrency.queue before it is refused; its own deadline may end it sooner.")
        .perMethod();
  }

  static Key<Limit> limit(Side side) {
    return side == Side.CLIENT ? CLIENT_LIMIT : SERVER_LIMIT;
  }

  static Key<Integer> queue(Side side) {
    return side == Side.CLIENT ? CLIENT_QUEUE : SERVER_QUEUE;
  }

  static Key<Duration> queueTimeout(Side side) {
    return side == Side.CLIENT ? CLIENT_QUEUE_TIMEOUT : SERVER_QUEUE_TIMEOUT;
  }
}
