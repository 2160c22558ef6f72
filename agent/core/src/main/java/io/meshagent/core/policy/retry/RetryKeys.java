package io.meshagent.core.policy.retry;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;

import io.meshagent.core.config.Key;
import io.meshagent.core.config.Types;
import io.meshagent.core.policy.base.FailureCodes;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The settings of retries and of hedges. */
public final class RetryKeys {

  /** gRPC makes no more of a call, whoever asks. */
  private static final int MOST = 5;

  public static final Key<Integer> ATTEMPTS =
      Key.live(
              "client.retry.attempts",
              Types.number(1, MOST),
              "1",
              "How often a call is sent at most, the first time included, where it fails before"
                  + " anything of a response has come. Only for methods that may run twice.")
          .defaultMeans("1: no retries")
          .perMethod();
  public static final Key<FailureCodes> CODES =
      Key.live(
              "client.retry.codes",
              FailureCodes.type("is not sent again"),
              "UNAVAILABLE",
              "The status codes after which a call is sent again; of a call with hedges, those"
                  + " after which the others go on.")
          .perMethod();
  public static final Key<Backoff> BACKOFF =
      Key.live(
              "client.retry.backoff",
              Backoff.type(),
              "50ms..1s",
              "How long retries wait: a random part of the first length, which grows by the factor"
                  + " up to the second. What the server asks for (grpc-retry-pushback-ms) wins.")
          .perMethod();
  public static final Key<BudgetSize> BUDGET =
      Key.live(
              "client.retry.budget",
              BudgetSize.type(),
              "20% + 10/s",
              "The most retries and hedges, as a share of the calls of the last ten seconds and so"
                  + " many a second more; beyond it a failure goes to the program as it is. Each"
                  + " service has its own; a method has one if it is set for the method.")
          .perMethod();

  public static final Key<Integer> HEDGES =
      Key.live(
              "client.hedge.attempts",
              Types.number(1, MOST),
              "1",
              "How often a unary call is sent at most, the first time included, while no response"
                  + " has come; the first response counts and the others are cancelled. Only for"
                  + " methods that may run twice.")
          .defaultMeans("1: no hedges")
          .perMethod();
  public static final Key<Duration> DELAY =
      Key.live(
              "client.hedge.delay",
              Types.duration(ofMillis(1), ofMinutes(5)),
              "100ms",
              "How long a call may take before it is sent once more, and again after as long; a"
                  + " little more than nearly all calls take.")
          .perMethod();

  static final List<Key<?>> RETRY =
      Collections.unmodifiableList(Arrays.<Key<?>>asList(ATTEMPTS, CODES, BACKOFF, BUDGET));

  private RetryKeys() {}
}
