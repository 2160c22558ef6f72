package io.meshagent.core.policy.ratelimit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.meshagent.core.config.Rate;
import java.util.function.LongSupplier;

/** The tokens of some calls, or this instance's share of them. Thread-safe without locks. */
final class TokenBucket {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Rate rate;
  private final long burst;
  private final Bucket bucket;

  /** Volatile: written by the first call that sees another number, read by all. */
  private volatile int sharers;

  /**
   * A full one.
   *
   * @param burst what all sharers together hold at most
   * @param sharers how many instances share the rate
   */
  TokenBucket(Rate rate, long burst, int sharers, LongSupplier nanoTime) {
    this.rate = rate;
    this.burst = burst;
    this.sharers = sharers;
    this.bucket =
        Bucket.builder()
            .addLimit(share(sharers))
            .withCustomTimePrecision(new Meter(nanoTime))
            .build();
  }

  /** So many times as long for the same number, so that no fraction is lost. */
  private Bandwidth share(int among) {
    return Bandwidth.builder()
        .capacity(share(burst, among))
        .refillGreedy(rate.count(), rate.period().multipliedBy(among))
        .build();
  }

  /** How many calls one of so many lets through at once. */
  static long share(long burst, int among) {
    return Math.max(1, (burst + among - 1) / among);
  }

  /** So many instances share the rate from now on; it stays as full as it is. */
  void shareAmong(int instances) {
    if (instances == sharers) {
      return;
    }
    synchronized (this) {
      if (instances != sharers) {
        bucket.replaceConfiguration(
            BucketConfiguration.builder().addLimit(share(instances)).build(),
            TokensInheritanceStrategy.PROPORTIONALLY);
        sharers = instances;
      }
    }
  }

  boolean tryTake() {
    return bucket.tryConsume(1);
  }

  /** Milliseconds until there is a token again, rounded up. */
  long millisToNext() {
    long nanos = bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
    return (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
  }

  long available() {
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
