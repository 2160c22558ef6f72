package io.meshagent.core.policy.concurrency;

import java.util.concurrent.TimeUnit;

/**
 * Finds out how many calls may be under way at once, by how long they take: while they take no
 * longer than usual the limit grows, by the square root of itself, and when they take longer it
 * shrinks by the ratio of both. That is Gradient2 of Netflix's concurrency-limits; the square root
 * is that of its first Gradient and of Envoy's adaptive concurrency filter.
 *
 * <p>What is usual is the mean of times in which nobody was turned away. While the limit is reached
 * that would learn the queue that the limit itself allows, and follow it upwards. So the limit is
 * halved for a moment now and then, as BBR looks for the shortest round trip: what calls take then
 * is what is usual. A queue is half as long then; a dependency that has become slow is as slow as
 * before, and the limit goes up again.
 *
 * <p>For one thread at a time; time is what it is given.
 *
 * @see <a href="https://github.com/Netflix/concurrency-limits">concurrency-limits</a>
 * @see <a
 *     href="https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/adaptive_concurrency_filter">Envoy's
 *     filter</a>
 * @see <a href="https://doi.org/10.1145/3012426.3022184">BBR, ACM Queue 2016</a>
 */
final class Gradient {

  private static final double FIRST = 50;

  /** Envoy's. */
  private static final double LEAST = 3;

  private static final double MOST = 10_000;

  /** Gradient2's: so much longer than usual is no sign of a queue yet. */
  private static final double TOLERANCE = 1.5;

  private static final double STEEPEST = 0.5;
  private static final double SMOOTHING = 0.5;

  /** The usual time follows the last ten seconds or so of windows. */
  private static final double GAIN = 0.02;

  /** While so few windows were seen, it is their plain mean. */
  private static final int WARM_UP = 10;

  /** A look at half the limit that shows so much less has found a queue. */
  private static final double QUEUE_FOUND = 0.8;

  /** So many times what a call takes are between two looks. */
  private static final double PAUSE = 10;

  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(16);

  private double limit = FIRST;

  /** What a call usually takes, nanoseconds; of so many windows. */
  private double usual;

  private int windows;

  private boolean probing;

  /** What calls took before the limit was halved. */
  private double before;

  private boolean probedOnce;
  private long probedNanos;
  private long pauseNanos = SHORTEST_PAUSE_NANOS;

  /** The limit in force. */
  int most() {
    return (int) (probing ? Math.max(LEAST, limit / 2) : limit);
  }

  /** Whether the limit is halved for a moment. */
  boolean isProbing() {
    return probing;
  }

  /**
   * A window is over.
   *
   * @param mean how long calls took that began under the present limit, nanoseconds
   * @param mostTaken how many of them were under way at most
   * @param reached whether one was not let in
   */
  void window(double mean, int mostTaken, boolean reached, long nowNanos) {
    if (probing) {
      probed(mean, nowNanos);
      return;
    }
    if (!reached || windows == 0) {
      windows++;
      usual += (mean - usual) * Math.max(GAIN, windows <= WARM_UP ? 1.0 / windows : 0);
    }
    if (mostTaken >= limit / 2) {
      double gradient = Math.max(STEEPEST, Math.min(1, TOLERANCE * usual / mean));
      double next = limit * gradient + Math.sqrt(limit);
      limit = Math.max(LEAST, Math.min(MOST, limit + SMOOTHING * (next - limit)));
    }
    long pause = Math.max(pauseNanos, (long) (PAUSE * mean));
    if (reached && (!probedOnce || nowNanos - probedNanos >= pause)) {
      probing = true;
      before = mean;
    }
  }

  private void probed(double mean, long nowNanos) {
    probing = false;
    probedOnce = true;
    probedNanos = nowNanos;
    usual = mean;
    windows = Math.max(windows, WARM_UP);
    pauseNanos =
        mean < before * QUEUE_FOUND
            ? SHORTEST_PAUSE_NANOS
            : Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
  }
}
