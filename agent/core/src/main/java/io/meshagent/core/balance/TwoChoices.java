package io.meshagent.core.balance;

import java.util.function.LongSupplier;

/** Draws two by weight and takes the better one. */
final class TwoChoices implements Chooser {

  /**
   * How often one more is drawn where the same came again (of two instances, half of all draws) or
   * those that came are failing.
   */
  private static final int MOST_DRAWS = 4;

  /** Two failures in a row are more than that, and few errors here and there are less. */
  private static final double FAILS_MORE = 0.15;

  private static final double UNIT = 1.0 / (1L << 53);

  /** What is compared of the two. */
  interface Load {
    double of(int index, long nowNanos);
  }

  private final AliasTable table;
  private final InstanceStatistics[] seen;
  private final boolean soft;
  private final Load load;
  private final LongSupplier random;

  /**
   * @param soft whether little difference makes little difference, and whoever is due is taken
   */
  TwoChoices(
      double[] weights, InstanceStatistics[] seen, boolean soft, Load load, LongSupplier random) {
    this.table = new AliasTable(weights);
    this.seen = seen;
    this.soft = soft;
    this.load = load;
    this.random = random;
  }

  @Override
  public int choose(long nowNanos, String key) {
    int better = table.draw(random.getAsLong());
    for (int draw = 0; draw < MOST_DRAWS && seen.length > 1; draw++) {
      int other = table.draw(random.getAsLong());
      if (other != better) {
        better = better(better, other, nowNanos);
        if (!seen[better].isFailing(nowNanos)) {
          return better;
        }
      }
    }
    return better;
  }

  private int better(int one, int other, long nowNanos) {
    double more = seen[one].failingAt(nowNanos) - seen[other].failingAt(nowNanos);
    if (Math.abs(more) > FAILS_MORE) {
      return more > 0 ? other : one;
    }
    if (soft && seen[one].isDue(nowNanos)) {
      return one;
    }
    if (soft && seen[other].isDue(nowNanos)) {
      return other;
    }
    double ofOne = load.of(one, nowNanos);
    double ofOther = load.of(other, nowNanos);
    if (!soft || ofOne == ofOther) {
      return ofOne <= ofOther ? one : other;
    }
    double chance = ofOther * ofOther / (ofOne * ofOne + ofOther * ofOther);
    return (random.getAsLong() >>> 11) * UNIT < chance ? one : other;
  }
}
