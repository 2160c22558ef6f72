package io.meshagent.core.policy.breaker;

import io.meshagent.core.config.Settings;
import java.time.Duration;
import java.util.Objects;

/** What a breaker is told by the configuration. Immutable. */
final class BreakerSettings {

  final int failureRate;
  final int minimumCalls;
  final Duration window;
  final Duration openFor;
  final int probes;

  /** From how long on a call is slow; zero if none is. */
  final Duration slowCall;

  final int slowRate;

  private BreakerSettings(
      int failureRate,
      int minimumCalls,
      Duration window,
      Duration openFor,
      int probes,
      Duration slowCall,
      int slowRate) {
    this.failureRate = failureRate;
    this.minimumCalls = minimumCalls;
    this.window = window;
    this.openFor = openFor;
    this.probes = probes;
    this.slowCall = slowCall;
    this.slowRate = slowRate;
  }

  /**
   * What the settings say.
   *
   * @param method a full name; one that ends with the slash for the whole service
   */
  static BreakerSettings of(Settings settings, String method) {
    return new BreakerSettings(
        settings.select(BreakerKeys.FAILURE_RATE, method).value(),
        settings.select(BreakerKeys.MINIMUM_CALLS, method).value(),
        settings.select(BreakerKeys.WINDOW, method).value(),
        settings.select(BreakerKeys.OPEN_FOR, method).value(),
        settings.select(BreakerKeys.PROBES, method).value(),
        settings.select(BreakerKeys.SLOW_CALL, method).value(),
        settings.select(BreakerKeys.SLOW_RATE, method).value());
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
        && probes == that.probes
        && slowCall.equals(that.slowCall)
        && slowRate == that.slowRate;
  }

  @Override
  public int hashCode() {
    return Objects.hash(failureRate, minimumCalls, window, openFor, probes, slowCall, slowRate);
  }
}
