package io.meshagent.core.policy.retry;

import io.meshagent.core.config.Selected;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Log;
import io.meshagent.core.policy.base.FailureCodes;
import io.meshagent.core.policy.base.PlannedMethod;
import java.time.Duration;
import java.util.Objects;

/** What the settings say of repeating the calls of one method. Immutable. */
final class RepeatSettings {

  private final boolean hedging;
  private final int attempts;
  private final FailureCodes codes;
  private final Backoff backoff;
  private final Duration hedgeDelay;

  private RepeatSettings(
      boolean hedging, int attempts, FailureCodes codes, Backoff backoff, Duration hedgeDelay) {
    this.hedging = hedging;
    this.attempts = attempts;
    this.codes = codes;
    this.backoff = backoff;
    this.hedgeDelay = hedgeDelay;
  }

  /**
   * For a client's method: gRPC can retry a call or hedge it. What is written for fewer methods
   * counts; of two that are written for the same the retries, which cost less.
   *
   * @return null if its calls are sent once
   */
  static RepeatSettings of(Settings settings, PlannedMethod method) {
    String name = method.name();
    Selected<Integer> retries = settings.select(RetryKeys.ATTEMPTS, name);
    Selected<Integer> hedges = settings.select(RetryKeys.HEDGES, name);
    // gRPC's hedging does not tell a stream when there is room for more.
    boolean hedged = hedges.value() > 1 && !method.isStreaming();
    boolean retried = retries.value() > 1;
    if (retried && hedged && retries.selector().equals(hedges.selector())) {
      tellOfBoth(retries.selector());
    }
    boolean hedging = hedged && !(retried && !Settings.isCloser(hedges, retries, name));
    return hedging || retried
        ? new RepeatSettings(
            hedging,
            (hedging ? hedges : retries).value(),
            settings.select(RetryKeys.CODES, name).value(),
            settings.select(RetryKeys.BACKOFF, name).value(),
            settings.select(RetryKeys.DELAY, name).value())
        : null;
  }

  private static void tellOfBoth(String selector) {
    String at = selector.isEmpty() ? "" : "@" + selector;
    String both =
        RetryKeys.ATTEMPTS.name() + at + " and " + RetryKeys.HEDGES.name() + at + " are both set";
    Log.warnOnce(
        both,
        both
            + ", but gRPC either retries a call or hedges it: these calls are retried and not"
            + " hedged; set one of the two to 1");
  }

  boolean isHedging() {
    return hedging;
  }

  int attempts() {
    return attempts;
  }

  FailureCodes codes() {
    return codes;
  }

  Backoff backoff() {
    return backoff;
  }

  Duration hedgeDelay() {
    return hedgeDelay;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof RepeatSettings)) {
      return false;
    }
    RepeatSettings that = (RepeatSettings) other;
    return hedging == that.hedging
        && attempts == that.attempts
        && codes.equals(that.codes)
        && backoff.toString().equals(that.backoff.toString())
        && hedgeDelay.equals(that.hedgeDelay);
  }

  @Override
  public int hashCode() {
    return Objects.hash(hedging, attempts, codes, hedgeDelay);
  }
}
