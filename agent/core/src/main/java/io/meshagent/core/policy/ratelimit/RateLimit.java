package io.meshagent.core.policy.ratelimit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.meshagent.core.config.Rate;
import java.util.function.LongSupplier;

/**
 * One token bucket, shared by all calls that the setting it belongs to applies to. Thread-safe
 * without locks.
 */
public final class RateLimit {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final String name;
  private final Rate rate;
  private final long burst;
  private final Bucket bucket;

  /**
   * A full bucket.
   *
   * @param name the setting as it is written, {@code server.rate-limit.rate@helloworld.Greeter}
   * @param burst what it holds at most; 0 for a tenth of a second's worth
   */
  RateLimit(String name, Rate rate, int burst, LongSupplier nanoTime) {
    this.name = name;
    this.rate = rate;
    this.burst = burst > 0 ? burst : tenthOfASecond(rate);
    this.bucket =
        Bucket.builder()
            .addLimit(
                Bandwidth.builder()
                    .capacity(this.burst)
                    .refillGreedy(rate.count(), rate.period())
                    .build())
            .withCustomTimePrecision(new Meter(nanoTime))
            .build();
  }

  static long tenthOfASecond(Rate rate) {
    return Math.max(1, rate.count() * 100 / rate.period().toMillis());
  }

  boolean tryTake() {
    return bucket.tryConsume(1);
  }

  /** Milliseconds until there is a token again, rounded up. */
  long millisToNext() {
    long nanos = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
    return (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
  }

  boolean isFor(Rate otherRate, int otherBurst) {
    return rate.equals(otherRate)
        && burst == (otherBurst > 0 ? otherBurst : tenthOfASecond(otherRate));
  }

  /** The setting it belongs to, {@code server.rate-limit.rate@helloworld.Greeter}. */
  public String name() {
    return name;
  }

  public Rate rate() {
    return rate;
  }

  /** How many calls it lets through at once. */
  public long burst() {
    return burst;
  }

  /** How many calls it would let through now. */
  public long available() {
    return bucket.getAvailableTokens();
  }

  /** The engine's clock in the form that bucket4j wants. */
  private static final class Meter implements TimeMeter {
    private final LongSupplier nanoTime;

    Meter(LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
    }

    @Override
    public long currentTimeNanos() {
      return nanoTime.getAsLong();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
