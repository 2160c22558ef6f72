package io.meshagent.core.telemetry.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the calls of one side went, interval by interval, the last {@value #INTERVALS} of them:
 * counted from what the metrics say at each end. Guarded by its owner.
 */
final class SideHistory {

  static final int INTERVALS = 180;

  private static final double MEDIAN = 0.5;
  private static final double LATE = 0.99;
  private static final double MILLIS = 1_000;

  /** Each holds one number for each interval; the place of the next is {@link #next}. */
  private final int[] calls = new int[INTERVALS];

  private final int[] failed = new int[INTERVALS];
  private final float[] medianMillis = new float[INTERVALS];
  private final float[] lateMillis = new float[INTERVALS];

  private int next;
  private int filled;

  /** What the metrics said at the end of the last interval; null before the first. */
  private EndedCalls before;

  void add(EndedCalls now) {
    if (before != null) {
      EndedCalls meanwhile = now.since(before);
      calls[next] = (int) meanwhile.all();
      failed[next] = (int) meanwhile.failed();
      medianMillis[next] = (float) (MILLIS * meanwhile.quantile(MEDIAN));
      lateMillis[next] = (float) (MILLIS * meanwhile.quantile(LATE));
      next = (next + 1) % INTERVALS;
      filled = Math.min(INTERVALS, filled + 1);
    }
    before = now;
  }

  /** The eldest first. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    List<Integer> all = new ArrayList<>(filled);
    List<Integer> bad = new ArrayList<>(filled);
    List<Double> median = new ArrayList<>(filled);
    List<Double> late = new ArrayList<>(filled);
    for (int i = 0; i < filled; i++) {
      int at = (next - filled + i + INTERVALS) % INTERVALS;
      all.add(calls[at]);
      bad.add(failed[at]);
      median.add(rounded(medianMillis[at]));
      late.add(rounded(lateMillis[at]));
    }
    facts.put("calls", all);
    facts.put("failed", bad);
    facts.put("p50 ms", median);
    facts.put("p99 ms", late);
    return facts;
  }

  private static double rounded(float millis) {
    return Math.round(millis * 100) / 100.0;
  }
}
