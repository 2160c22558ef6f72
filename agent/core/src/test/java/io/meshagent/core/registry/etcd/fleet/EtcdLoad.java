package io.meshagent.core.registry.etcd.fleet;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a simulated etcd had to do, second by second. Confined to one thread. */
final class EtcdLoad {

  enum What {
    RENEW,
    LIST,
    CHECK,
    WRITE,
    READ,
    WATCH,
    PROGRESS,
    EVENT
  }

  private static final class Second {
    private long requests;
    private long bytes;
    private double busy;
  }

  private final FleetClock clock;
  private final Map<What, long[]> totals = new EnumMap<>(What.class);
  private List<Second> seconds = new ArrayList<>();
  private long since;

  EtcdLoad(FleetClock clock) {
    this.clock = clock;
    begin();
  }

  /** Counts from now on. */
  void begin() {
    since = clock.now();
    seconds = new ArrayList<>();
    totals.clear();
    for (What each : What.values()) {
      totals.put(each, new long[2]);
    }
  }

  private Second at(long nanos) {
    int index = (int) Math.max(0, (nanos - since) / 1_000_000_000L);
    while (seconds.size() <= index) {
      seconds.add(new Second());
    }
    return seconds.get(index);
  }

  /**
   * @param finished when it was done with, which may be later
   */
  void add(What what, long bytes, double busyNanos, long finished) {
    long[] total = totals.get(what);
    total[0]++;
    total[1] += bytes;
    Second second = at(clock.now());
    second.requests += what == What.EVENT ? 0 : 1;
    second.bytes += bytes;
    at(finished).busy += busyNanos / 1e9;
  }

  long count(What what) {
    return totals.get(what)[0];
  }

  long bytes(What what) {
    return totals.get(what)[1];
  }

  long bytes() {
    return totals.values().stream().mapToLong(each -> each[1]).sum();
  }

  long requests() {
    return totals.values().stream().mapToLong(each -> each[0]).sum() - count(What.EVENT);
  }

  /** The share of etcd's time in the busiest {@code span} seconds of the first {@code of}. */
  double busiest(int span, int of) {
    double most = 0;
    for (int from = 0; from + span <= of; from++) {
      double busy = 0;
      for (int each = from; each < Math.min(from + span, seconds.size()); each++) {
        busy += seconds.get(each).busy;
      }
      most = Math.max(most, busy / span);
    }
    return most;
  }

  long mostRequests() {
    return seconds.stream().mapToLong(each -> each.requests).max().orElse(0);
  }

  long mostBytes() {
    return seconds.stream().mapToLong(each -> each.bytes).max().orElse(0);
  }
}
