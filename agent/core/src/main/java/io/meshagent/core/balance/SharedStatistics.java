package io.meshagent.core.balance;

import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Statistics;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/**
 * The statistics of this JVM, one for each instance that a channel is connected to. Held weakly:
 * channels that are thrown away take theirs with them. Thread-safe; asked when connections change,
 * never by a call.
 */
public final class SharedStatistics {

  private static final class Held extends WeakReference<Statistics> {
    final String place;

    Held(String place, Statistics statistics, ReferenceQueue<Statistics> gone) {
      super(statistics, gone);
      this.place = place;
    }
  }

  /** Guarded by this. By name and address: a name may have moved to where another program is. */
  private final Map<String, Held> byPlace = new HashMap<>();

  private final ReferenceQueue<Statistics> gone = new ReferenceQueue<>();

  /** Those of an instance, whatever facts it tells; made if nobody has any. */
  public synchronized Statistics of(Instance instance) {
    for (Reference<?> some = gone.poll(); some != null; some = gone.poll()) {
      byPlace.remove(((Held) some).place, some);
    }
    String place = instance.hostPort() + " " + instance.address();
    Held held = byPlace.get(place);
    Statistics known = held == null ? null : held.get();
    if (known == null) {
      known = new Statistics();
      byPlace.put(place, new Held(place, known, gone));
    }
    return known;
  }
}
