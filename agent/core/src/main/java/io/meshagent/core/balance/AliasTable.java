package io.meshagent.core.balance;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Draws indexes at random by weight, in the same short time however many there are: the alias
 * method (A. J. Walker 1977, in the form of M. D. Vose, 1991). Immutable.
 */
final class AliasTable {

  private static final long LOWER = 0xFFFFFFFFL;
  private static final double UNIT = 1.0 / (1L << 32);

  /** Null where all weigh the same. */
  private final double[] keep;

  private final int[] alias;
  private final int size;

  /**
   * @param weights at least one; none negative. If all are 0, all are alike.
   */
  AliasTable(double[] weights) {
    size = weights.length;
    if (Weights.areEqual(weights)) {
      keep = null;
      alias = null;
      return;
    }
    keep = new double[size];
    alias = new int[size];
    fill(weights);
  }

  private void fill(double[] weights) {
    double mean = Weights.sum(weights) / size;
    double[] left = new double[size];
    Deque<Integer> below = new ArrayDeque<>();
    Deque<Integer> above = new ArrayDeque<>();
    for (int i = 0; i < size; i++) {
      left[i] = weights[i] / mean;
      (left[i] < 1 ? below : above).push(i);
    }
    while (!below.isEmpty() && !above.isEmpty()) {
      int poor = below.pop();
      int rich = above.pop();
      keep[poor] = left[poor];
      alias[poor] = rich;
      left[rich] -= 1 - left[poor];
      (left[rich] < 1 ? below : above).push(rich);
    }
    // What is left over is 1 but for rounding.
    below.forEach(i -> keep[i] = 1);
    above.forEach(i -> keep[i] = 1);
  }

  /**
   * An index.
   *
   * @param bits 64 of them at random: the upper ones say the column, the lower ones what to take of
   *     it
   */
  int draw(long bits) {
    // As good as even for any number of indexes there may be.
    int column = (int) (((bits >>> 32) * size) >>> 32);
    if (keep == null) {
      return column;
    }
    return (bits & LOWER) * UNIT < keep[column] ? column : alias[column];
  }
}
