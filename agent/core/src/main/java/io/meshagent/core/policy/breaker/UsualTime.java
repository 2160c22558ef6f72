package io.meshagent.core.policy.breaker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long the answers of a method usually take: what a deadline is measured by before the server
 * is blamed for it. Smoothed mean and deviation, as TCP keeps them of its round trips. Thread-safe
 * without locks: of two answers at the same time one may not be counted.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6298#section-2">RFC 6298, section 2</a>
 */
final class UsualTime {

  /** RFC 6298: alpha, beta and K. */
  private static final float MEAN_GAIN = 1f / 8;

  private static final float DEVIATION_GAIN = 1f / 4;
  private static final float DEVIATIONS = 4;

  /** While nobody knows: no network answers sooner. */
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** While nobody knows: RFC 6298's first guess. */
  private static final long FIRST_GUESS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long UNKNOWN = -1;

  /** Mean and deviation in nanoseconds, the bits of two floats. */
  private final AtomicLong known = new AtomicLong(UNKNOWN);

  /** A healthy answer took so long. */
  void answered(long nanos) {
    long before = known.get();
    float mean = nanos;
    float deviation = nanos / 2f;
    if (before != UNKNOWN) {
      float oldMean = mean(before);
      deviation = deviation(before);
      deviation += DEVIATION_GAIN * (Math.abs(nanos - oldMean) - deviation);
      mean = oldMean + MEAN_GAIN * (nanos - oldMean);
    }
    known.lazySet(
        (long) Float.floatToIntBits(mean) << 32 | (Float.floatToIntBits(deviation) & 0xffffffffL));
  }

  /**
   * The shortest time after which a server that has not answered is to blame.
   *
   * @param inherited whether the time was what other work had left: chosen without regard to this
   *     method, so it has to be long enough for nearly every answer; a deadline of the method's own
   *     only for the usual one
   */
  long fairNanos(boolean inherited) {
    long now = known.get();
    if (now == UNKNOWN) {
      return inherited ? FIRST_GUESS_NANOS : LEAST_NANOS;
    }
    float fair = inherited ? mean(now) + DEVIATIONS * deviation(now) : mean(now);
    return Math.max(LEAST_NANOS, (long) fair);
  }

  private static float mean(long bits) {
    return Float.intBitsToFloat((int) (bits >>> 32));
  }

  private static float deviation(long bits) {
    return Float.intBitsToFloat((int) bits);
  }
}
