package io.meshagent.core.balance;

import io.meshagent.core.api.TextHash;
import java.util.Arrays;

/**
 * A ring of hashes: a key belongs to the point that follows its hash (Karger and others, 1997; as
 * in Envoy's and gRPC's ring_hash). When an instance goes, its keys go to others and no other key
 * moves; when one comes, it takes keys and no other key moves. Immutable.
 *
 * <p>A key is found in a few steps however large the ring is: points are as good as evenly spread,
 * so where to look first is computed from the hash.
 */
final class HashRing {

  /** Points of an instance of weight 1: shares differ by some 10 %. */
  static final int POINTS = 100;

  /** Envoy's bound is twice that; each point takes 8 bytes. */
  private static final int MOST_POINTS = 4_000_000;

  private static final int INDEX_BITS = 20;
  private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

  /** Hash above, index of the instance below; sorted as unsigned numbers. */
  private final long[] points;

  /** For each equal part of the hashes, its first point. */
  private final int[] firsts;

  private final int shift;

  /**
   * @param identities of the instances, which are the same in all programs
   * @param weights 1 for an instance that says nothing of itself; 0 for no keys, unless all are 0
   */
  HashRing(String[] identities, double[] weights) {
    boolean none = Weights.sum(weights) == 0;
    double scale = Math.min(1, MOST_POINTS / (POINTS * Math.max(1, Weights.sum(weights))));
    int[] counts = new int[identities.length];
    int total = 0;
    for (int i = 0; i < counts.length; i++) {
      double points = POINTS * (none ? 1 : weights[i]) * scale;
      counts[i] = points == 0 ? 0 : (int) Math.max(1, Math.round(points));
      total += counts[i];
    }
    points = new long[total];
    int next = 0;
    for (int i = 0; i < counts.length; i++) {
      long seed = hash(identities[i]);
      for (int j = 0; j < counts[i]; j++) {
        long point = TextHash.spread(seed + j * 0x9e3779b97f4a7c15L);
        // The sign is turned, so that the sort of signed numbers sorts unsigned ones.
        points[next++] = ((point & ~INDEX_MASK) | i) ^ Long.MIN_VALUE;
      }
    }
    Arrays.sort(points);
    int bits = Math.max(1, 64 - Long.numberOfLeadingZeros(total));
    shift = 64 - bits;
    firsts = new int[(1 << bits) + 1];
    int at = 0;
    for (int part = 0; part < firsts.length - 1; part++) {
      long start = ((long) part << shift) ^ Long.MIN_VALUE;
      while (at < total && points[at] < start) {
        at++;
      }
      firsts[part] = at;
    }
    firsts[firsts.length - 1] = total;
  }

  /** The index of the instance that a key belongs to. */
  int find(String key) {
    long hash = hash(key);
    long turned = hash ^ Long.MIN_VALUE;
    int at = firsts[(int) (hash >>> shift)];
    while (at < points.length && points[at] < turned) {
      at++;
    }
    return (int) (points[at == points.length ? 0 : at] & INDEX_MASK);
  }

  private static long hash(String text) {
    return TextHash.spread(TextHash.of(text));
  }
}
