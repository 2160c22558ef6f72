package io.meshagent.core.policy.ratelimit;

import io.meshagent.core.call.Call;
import io.meshagent.core.config.Rate;
import io.meshagent.core.policy.base.SupposedCall;
import java.util.function.LongSupplier;

/**
 * What one setting limits: a bucket that is shared by all calls that the setting applies to, or one
 * for each of their keys. Thread-safe.
 */
public final class RateLimit {

  private final String name;
  private final Rate rate;
  private final long burst;
  private final LimitKey key;

  /** Null if the rate is this instance's alone. */
  private final Sharers sharers;

  /** For all calls, or for those without a key. */
  private final TokenBucket shared;

  /** Null if calls have no keys. */
  private final KeyedBuckets keyed;

  /**
   * Full buckets.
   *
   * @param name the setting as it is written, {@code server.rate-limit.rate@helloworld.Greeter}
   * @param burst what one holds at most; 0 for a tenth of a second's worth
   * @param sharers null if the rate is this instance's alone
   */
  RateLimit(
      String name, Rate rate, int burst, LimitKey key, Sharers sharers, LongSupplier nanoTime) {
    this.name = name;
    this.rate = rate;
    this.burst = burst > 0 ? burst : tenthOfASecond(rate);
    this.key = key;
    this.sharers = sharers;
    this.shared = new TokenBucket(rate, this.burst, 1, nanoTime);
    this.keyed =
        key.isNone()
            ? null
            : new KeyedBuckets(() -> new TokenBucket(rate, this.burst, instances(), nanoTime));
  }

  static long tenthOfASecond(Rate rate) {
    return Math.max(1, rate.count() * 100 / rate.period().toMillis());
  }

  /** The one that a call takes from. */
  TokenBucket bucket(Call call) {
    String own = keyed == null ? null : key.of(call);
    TokenBucket bucket = own == null ? shared : keyed.of(own);
    if (sharers != null) {
      bucket.shareAmong(sharers.count());
    }
    return bucket;
  }

  /** How many calls like this one it would let through now. */
  long available(SupposedCall call) {
    String own = keyed == null ? null : key.of(call);
    if (own == null) {
      return shared.available();
    }
    TokenBucket known = keyed.known(own);
    return known == null ? TokenBucket.share(burst, instances()) : known.available();
  }

  /** The calls of a service are among those that it limits. */
  void isFor(String service) {
    if (sharers != null) {
      sharers.add(service);
    }
  }

  /** Whether nothing is written in another way. */
  boolean isAs(Rate otherRate, int otherBurst, LimitKey otherKey, LimitScope otherScope) {
    return rate.equals(otherRate)
        && burst == (otherBurst > 0 ? otherBurst : tenthOfASecond(otherRate))
        && key.toString().equals(otherKey.toString())
        && (sharers != null) == (otherScope == LimitScope.CLUSTER);
  }

  /** The setting is no more, or says something else. */
  void close() {
    if (sharers != null) {
      sharers.close();
    }
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

  /** How many instances share it. */
  public int instances() {
    return sharers == null ? 1 : sharers.count();
  }

  /** How many keys have a bucket of their own now. */
  public int keys() {
    return keyed == null ? 0 : keyed.size();
  }

  /** How many calls without a key it would let through now. */
  public long available() {
    return shared.available();
  }

  /** What is too much, for who reads that it is. */
  String most() {
    return rate
        + " calls"
        + key.ofOne()
        + (sharers == null ? "" : ", shared by " + instances() + " instances");
  }

  /** For the page. */
  @Override
  public String toString() {
    return rate
        + ", at once "
        + burst
        + (keyed == null ? "" : ", for each " + key + ": " + keys() + " now")
        + (sharers == null ? "" : ", shared by " + instances() + " instances");
  }
}
