package io.meshagent.core.policy.shed;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What a server has answered in the last ten seconds, by tenths of a second, and what follows from
 * that: as many calls as it ever ended in a tenth of a second, each in the shortest time that they
 * took on the average, are as many at once as it can answer without a queue (Little's law; BBR's
 * bandwidth times round trip, as Kratos' limiter has it). Thread-safe without locks but for the
 * first call in a tenth of a second; of calls at that moment one may not be counted.
 *
 * @see <a href="https://github.com/go-kratos/aegis/tree/main/ratelimit/bbr">Kratos' limiter</a>
 */
final class Served {

  /** Nobody knows yet. */
  static final int UNKNOWN = -1;

  private static final int BUCKETS = 100;
  private static final long BUCKET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Less has been seen by chance. */
  private static final int FEWEST_BUCKETS = 5;

  private final long originNanos;

  /** Which tenth of a second each bucket is of; 0 for none. */
  private final AtomicLongArray ids = new AtomicLongArray(BUCKETS);

  private final AtomicLongArray calls = new AtomicLongArray(BUCKETS);
  private final AtomicLongArray nanos = new AtomicLongArray(BUCKETS);

  /** Volatile: replaced by whoever comes first in a tenth of a second. */
  private volatile Known known = new Known(0, UNKNOWN);

  private static final class Known {
    final long id;
    final int most;

    Known(long id, int most) {
      this.id = id;
      this.most = most;
    }
  }

  Served(long nowNanos) {
    this.originNanos = nowNanos;
  }

  private long id(long nowNanos) {
    return (nowNanos - originNanos) / BUCKET_NANOS + 1;
  }

  void add(long tookNanos, long nowNanos) {
    long id = id(nowNanos);
    int bucket = (int) (id % BUCKETS);
    if (ids.get(bucket) != id) {
      begin(bucket, id);
    }
    calls.incrementAndGet(bucket);
    nanos.addAndGet(bucket, tookNanos);
  }

  private synchronized void begin(int bucket, long id) {
    if (ids.get(bucket) < id) {
      calls.set(bucket, 0);
      nanos.set(bucket, 0);
      ids.set(bucket, id);
    }
  }

  /** As many calls as can be answered at once, or {@link #UNKNOWN}. */
  int mostAtOnce(long nowNanos) {
    long id = id(nowNanos);
    Known last = known;
    if (last.id == id) {
      return last.most;
    }
    int most = compute(id);
    known = new Known(id, most);
    return most;
  }

  private int compute(long id) {
    long mostCalls = 0;
    double shortest = Double.MAX_VALUE;
    int seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      long of = ids.get(i);
      long count = calls.get(i);
      // The present one is not over.
      if (of != 0 && of < id && of > id - BUCKETS && count > 0) {
        seen++;
        mostCalls = Math.max(mostCalls, count);
        shortest = Math.min(shortest, (double) nanos.get(i) / count);
      }
    }
    return seen < FEWEST_BUCKETS ? UNKNOWN : (int) Math.round(mostCalls * shortest / BUCKET_NANOS);
  }
}
