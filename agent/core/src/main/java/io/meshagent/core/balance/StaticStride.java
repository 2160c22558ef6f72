package io.meshagent.core.balance;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Weighted round robin: each round offers every index, and one of weight w takes its place in as
 * many rounds of a hundred as w is percent of the greatest weight, spread evenly. The static stride
 * scheduler of gRPC's weighted_round_robin (A58). Immutable but for one counter; a pick passes over
 * as many indexes as the greatest weight is times the mean one, on the average.
 */
final class StaticStride {

  /** Weights are fractions of this. */
  private static final long FULL = 0xFFFF;

  /** Null where all weigh the same. */
  private final long[] strides;

  private final int size;
  private final AtomicLong next;

  /**
   * Begins anywhere, so that programs which start together do not all call the same one first.
   *
   * @param weights at least one; none negative. If all are 0, all are alike.
   * @param random says where
   */
  StaticStride(double[] weights, LongSupplier random) {
    size = weights.length;
    next = new AtomicLong(random.getAsLong() >>> 34);
    if (Weights.areEqual(weights)) {
      strides = null;
      return;
    }
    double greatest = Weights.greatest(weights);
    strides = new long[size];
    for (int i = 0; i < size; i++) {
      strides[i] = weights[i] == 0 ? 0 : Math.max(1, Math.round(FULL * weights[i] / greatest));
    }
  }

  int pick() {
    while (true) {
      long turn = next.getAndIncrement() & Long.MAX_VALUE;
      int index = (int) (turn % size);
      if (strides == null || takesTurn(index, turn / size)) {
        return index;
      }
    }
  }

  private boolean takesTurn(int index, long round) {
    // Neighbours of the same weight pass in different rounds.
    long offset = FULL / 2 * index;
    return (strides[index] * round + offset) % FULL < strides[index];
  }
}
