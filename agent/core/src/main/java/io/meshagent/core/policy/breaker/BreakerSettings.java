package io.meshagent.core.policy.breaker;

import io.meshagent.core.config.Settings;
import java.time.Duration;

/** What a breaker is told by the configuration. Immutable. */
public final class BreakerSettings {

  final int failureRate;
  final int minimumCalls;
  final Duration window;
  final Duration openFor;
  final int probes;

  public BreakerSettings(
      int failureRate, int minimumCalls, Duration window, Duration openFor, int probes) {
    this.failureRate = failureRate;
    this.minimumCalls = minimumCalls;
    this.window = window;
    this.openFor = openFor;
    this.probes = probes;
  }

  /** The settings for a method, or null if it has no breaker. */
  public static BreakerSettings of(Settings settings, String method) {
    if (!settings.select(BreakerKeys.ENABLED, method).value()) {
      return null;
    }
    return new BreakerSettings(
        settings.select(BreakerKeys.FAILURE_RATE, method).value(),
        settings.select(BreakerKeys.MINIMUM_CALLS, method).value(),
        settings.select(BreakerKeys.WINDOW, method).value(),
        settings.select(BreakerKeys.OPEN_FOR, method).value(),
        settings.select(BreakerKeys.PROBES, method).value());
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof BreakerSettings)) {
      return false;
    }
    BreakerSettings that = (BreakerSettings) other;
    return failureRate == that.failureRate
        && minimumCalls == that.minimumCalls
        && window.equals(that.window)
        && openFor.equals(that.openFor)
        && probes == that.probes;
  }

  @Override
  public int hashCode() {
    return ((failureRate * 31 + minimumCalls) * 31 + window.hashCode()) * 31
        + openFor.hashCode() * 31
        + probes;
  }
}
