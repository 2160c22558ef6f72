package io.meshagent.core.telemetry.metrics;

/**
 * How many calls have ended, by how long they took. Made by whoever counts, then not changed.
 * Unlike a histogram of Prometheus' a bucket counts its own calls alone.
 */
public final class EndedCalls {

  /** The upper bound of each bucket but the last, which has none; seconds. */
  private final double[] seconds;

  private final double[] buckets;
  private double all;
  private double failed;

  /**
   * None yet.
   *
   * @param seconds the bounds of the buckets, ascending
   */
  public EndedCalls(double[] seconds) {
    this.seconds = seconds;
    this.buckets = new double[seconds.length + 1];
  }

  /**
   * Takes in a histogram.
   *
   * @param cumulative as Prometheus counts: each bucket holds those before it too
   */
  public void add(double[] cumulative, boolean failure) {
    double before = 0;
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] += cumulative[i] - before;
      before = cumulative[i];
    }
    all += before;
    failed += failure ? before : 0;
  }

  /** What came since; series that ended meanwhile take nothing away. */
  public EndedCalls since(EndedCalls earlier) {
    EndedCalls between = new EndedCalls(seconds);
    for (int i = 0; i < buckets.length; i++) {
      between.buckets[i] = Math.max(0, buckets[i] - earlier.buckets[i]);
      between.all += between.buckets[i];
    }
    between.failed = Math.min(between.all, Math.max(0, failed - earlier.failed));
    return between;
  }

  /** So many. */
  public double all() {
    return all;
  }

  /** So many of them with another status than OK. */
  public double failed() {
    return failed;
  }

  /**
   * The time within which such a share of the calls ended, seconds; between the bounds of a bucket
   * as if its calls were spread evenly. 0 if there was none; of the last bucket its lower bound.
   */
  public double quantile(double share) {
    double left = share * all;
    double lower = 0;
    for (int i = 0; i < seconds.length && all > 0; i++) {
      if (buckets[i] > 0 && left <= buckets[i]) {
        return lower + (seconds[i] - lower) * left / buckets[i];
      }
      left -= buckets[i];
      lower = seconds[i];
    }
    return lower * Math.min(1, all);
  }
}
