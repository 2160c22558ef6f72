package io.meshagent.core.config;

import java.time.Duration;

/** So many in a second, a minute or an hour, or no limit at all. Immutable. */
public final class Rate {

  /** No limit. */
  public static final Rate OFF = new Rate(0, 's');

  private final long count;
  private final char unit;

  private Rate(long count, char unit) {
    this.count = count;
    this.unit = unit;
  }

  /**
   * @param count at least 1
   * @param unit {@code s}, {@code m} or {@code h}
   */
  static Rate of(long count, char unit) {
    return new Rate(count, unit);
  }

  public boolean isOff() {
    return count == 0;
  }

  /** How many in one {@link #period}; 0 if off. */
  public long count() {
    return count;
  }

  public Duration period() {
    switch (unit) {
      case 'm':
        return Duration.ofMinutes(1);
      case 'h':
        return Duration.ofHours(1);
      default:
        return Duration.ofSeconds(1);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rate && ((Rate) other).count == count && ((Rate) other).unit == unit;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(count) * 31 + unit;
  }

  /** As it is written in a file: {@code 100/s} or {@code off}. */
  @Override
  public String toString() {
    return isOff() ? "off" : count + "/" + unit;
  }
}
