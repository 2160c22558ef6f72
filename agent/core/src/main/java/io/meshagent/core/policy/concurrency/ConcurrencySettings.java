package io.meshagent.core.policy.concurrency;

import io.meshagent.core.api.Side;
import io.meshagent.core.config.Settings;
import java.time.Duration;

/** What one limit is told by the configuration. Immutable. */
final class ConcurrencySettings {

  /** Of a limit that is written no more. */
  static final ConcurrencySettings OFF = new ConcurrencySettings(Limit.OFF, 0, Duration.ZERO);

  final Limit limit;

  /** How many may wait. */
  final int queue;

  final Duration queueTimeout;

  ConcurrencySettings(Limit limit, int queue, Duration queueTimeout) {
    this.limit = limit;
    this.queue = queue;
    this.queueTimeout = queueTimeout;
  }

  /**
   * What is written for exactly this selector; of the queue, for it or for what covers it, since
   * the queue is the limit's and not the method's.
   *
   * @param selector as after the {@code @}; empty for the plain setting
   * @return null if no limit is written there, or {@code off}
   */
  static ConcurrencySettings of(Settings settings, Side side, String selector) {
    Limit limit = settings.written(ConcurrencyKeys.limit(side), selector);
    return limit == null || limit.isOff()
        ? null
        : new ConcurrencySettings(
            limit,
            settings.select(ConcurrencyKeys.queue(side), selector).value(),
            settings.select(ConcurrencyKeys.queueTimeout(side), selector).value());
  }

  boolean isSame(ConcurrencySettings other) {
    return limit.equals(other.limit)
        && queue == other.queue
        && queueTimeout.equals(other.queueTimeout);
  }
}
