package io.meshagent.core.policy.balance;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;

import io.meshagent.core.balance.BalanceRule;
import io.meshagent.core.balance.BalanceRule.EjectionMode;
import io.meshagent.core.balance.BalancerKind;
import io.meshagent.core.balance.CircuitSettings;
import io.meshagent.core.balance.EjectionSettings;
import io.meshagent.core.config.Key;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.Types;
import io.meshagent.core.policy.breaker.InstanceCircuits;
import java.time.Duration;

/** How attempts are spread over the instances of a service; each by service or pattern. */
public final class BalanceKeys {

  public static final Key<BalancerKind> BALANCE =
      Key.live(
              "client.balance",
              Types.oneOf(BalancerKind.class),
              "p2c",
              "How calls are spread over the instances of a service, by their weights: p2c takes of"
                  + " two at random the one with less load, consistent_hash the same one for the"
                  + " same value of a header.")
          .perMethod();
  public static final Key<String> HEADER =
      Key.live(
              "client.balance.header",
              Types.text(),
              "",
              "The header by which consistent_hash tells calls apart; a call without it goes to any"
                  + " instance.")
          .perMethod();
  public static final Key<EjectionMode> EJECTION =
      Key.live(
              "client.ejection",
              Types.oneOf(EjectionMode.class),
              "on",
              "Whether an instance that fails gets no calls for a while (on), is told of in the log"
                  + " only (report), or neither (off).")
          .perMethod();
  public static final Key<Integer> FAILURES =
      Key.live(
              "client.ejection.failures",
              Types.number(1, 10_000),
              "7",
              "After how many failures in a row an instance is ejected.")
          .perMethod();
  public static final Key<Integer> SUCCESS_RATE =
      Key.live(
              "client.ejection.success-rate",
              Types.percent(),
              "80",
              "The share of successes in ten seconds, of five calls or more, below which an instance"
                  + " is ejected.")
          .perMethod();
  public static final Key<Integer> MAX_SHARE =
      Key.live(
              "client.ejection.max-share",
              Types.percent(),
              "50",
              "The share of the instances that may be ejected at once; of two or more, one may be in"
                  + " any case.")
          .perMethod();
  public static final Key<Duration> SLOW_START =
      Key.live(
              "client.slow-start",
              Types.durationOrOff(ofMillis(1), ofHours(1)),
              "30s",
              "How long an instance that has just come gets less than its share, from a tenth of it"
                  + " upwards.")
          .perMethod();
  public static final Key<Boolean> ZONE_AWARE =
      Key.live(
              "client.zone-aware",
              Types.bool(),
              "true",
              "Whether calls go to instances of the zone of this program first (app.zone), and to"
                  + " other zones only where that has less than its share.")
          .perMethod();
  public static final Key<Integer> SUBSET =
      Key.live(
              "client.subset",
              Types.number(1, 1_000_000),
              "25",
              "How many of the instances of a service a program uses where there are more than 100;"
                  + " each program chooses its own.")
          .perMethod();

  private BalanceKeys() {}

  private static EjectionSettings ejection(Settings settings, String any) {
    return new EjectionSettings(
        settings.select(FAILURES, any).value(),
        settings.select(SUCCESS_RATE, any).value(),
        settings.select(MAX_SHARE, any).value());
  }

  /** What the settings say of a service. */
  public static BalanceRule rule(Settings settings, String service) {
    // A selector of one method does not count: the slash makes a method of no name.
    String any = service + "/";
    CircuitSettings circuit = InstanceCircuits.of(settings, any);
    BalanceRule rule =
        new BalanceRule(
            settings.select(BALANCE, any).value(),
            settings.select(HEADER, any).value(),
            circuit == null ? settings.select(EJECTION, any).value() : EjectionMode.ON,
            circuit == null ? ejection(settings, any) : EjectionSettings.of(circuit),
            settings.select(SLOW_START, any).value().toNanos());
    return rule.among(
        settings.select(ZONE_AWARE, any).value(), settings.select(SUBSET, any).value());
  }
}
