package io.meshagent.core.fleet;

import java.util.Arrays;

/** What became of all calls of a simulation. */
final class CallLog {

  private static final int MOST_SECONDS = 600;

  private final long[] calls = new long[MOST_SECONDS];
  private final long[] toBad = new long[MOST_SECONDS];
  private long[] latencies = new long[1 << 16];
  private int ended;
  private int well;

  void began(long atNanos, boolean bad) {
    int second = (int) Math.min(MOST_SECONDS - 1, atNanos / 1_000_000_000L);
    calls[second]++;
    toBad[second] += bad ? 1 : 0;
  }

  void ended(boolean good, long nanos) {
    if (ended == latencies.length) {
      latencies = Arrays.copyOf(latencies, 2 * ended);
    }
    latencies[ended++] = nanos;
    well += good ? 1 : 0;
  }

  double successRate() {
    return 100.0 * well / ended;
  }

  /**
   * @param share 0.99 for p99, in milliseconds
   */
  double latency(double share) {
    long[] sorted = Arrays.copyOf(latencies, ended);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(ended - 1, Math.round(share * ended))] / 1e6;
  }

  /** The percentage of the calls in these seconds that went to a server that is not well. */
  double shareOfBad(int fromSecond, int toSecond) {
    long all = 0;
    long bad = 0;
    for (int i = fromSecond; i < toSecond; i++) {
      all += calls[i];
      bad += toBad[i];
    }
    return all == 0 ? 0 : 100.0 * bad / all;
  }
}
