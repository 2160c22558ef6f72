package io.meshagent.core.policy.breaker;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Types;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The settings of breakers. */
public final class BreakerKeys {

  public static final Key<Boolean> ENABLED =
      Key.live(
              "client.breaker.enabled",
              Types.bool(),
              "true",
              "Whether a method that keeps failing is refused for a while (UNAVAILABLE).")
          .perMethod();
  public static final Key<BreakerScope> SCOPE =
      Key.live(
              "client.breaker.scope",
              Types.oneOf(BreakerScope.class),
              "method",
              "What has a circuit of its own: each method, each service, or each instance of a"
                  + " service, which then gets no calls while its own is open.")
          .perService();
  public static final Key<Integer> FAILURE_RATE =
      Key.live(
              "client.breaker.failure-rate",
              Types.percent(),
              "50",
              "The share of failed calls in the window from which on the circuit opens.")
          .perMethod();
  public static final Key<Duration> SLOW_CALL =
      Key.live(
              "client.breaker.slow-call",
              Types.durationOrOff(ofMillis(1), ofMinutes(10)),
              "off",
              "From how long on a call counts as slow: a unary call to its end, a stream to its first"
                  + " answer.")
          .perMethod();
  public static final Key<Integer> SLOW_RATE =
      Key.live(
              "client.breaker.slow-rate",
              Types.percent(),
              "50",
              "The share of slow calls in the window from which on the circuit opens.")
          .perMethod();
  public static final Key<Integer> MINIMUM_CALLS =
      Key.live(
              "client.breaker.minimum-calls",
              Types.number(1, 100_000),
              "20",
              "The number of calls in the window below which the circuit never opens.")
          .perMethod();
  public static final Key<Duration> WINDOW =
      Key.live(
              "client.breaker.window",
              Types.wholeSeconds(ofSeconds(1), ofMinutes(10)),
              "10s",
              "How far back the breaker looks.")
          .perMethod();
  public static final Key<Duration> OPEN_FOR =
      Key.live(
              "client.breaker.open-for",
              Types.duration(ofMillis(100), ofMinutes(10)),
              "5s",
              "How long an open circuit refuses before it lets probes through; they go soon after"
                  + " the service gets its first instance.")
          .perMethod();
  public static final Key<Integer> PROBES =
      Key.live(
              "client.breaker.probes",
              Types.number(1, 1_000),
              "5",
              "The number of probes that decide whether the circuit closes again.")
          .perMethod();

  public static final Key<Forced> FORCED =
      Key.live(
              "client.breaker.forced",
              Types.oneOf(Forced.class),
              "off",
              "Has the circuit refuse all calls (open) or none (closed), whatever becomes of them.")
          .perMethod();

  static final List<Key<?>> ALL =
      Collections.unmodifiableList(
          Arrays.<Key<?>>asList(
              ENABLED,
              SCOPE,
              FAILURE_RATE,
              SLOW_CALL,
              SLOW_RATE,
              MINIMUM_CALLS,
              WINDOW,
              OPEN_FOR,
              PROBES,
              FORCED));

  private BreakerKeys() {}
}
