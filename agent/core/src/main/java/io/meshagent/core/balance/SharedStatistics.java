package io.meshagent.core.balance;

import io.meshagent.core.api.Instance;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The statistics of this JVM, one for each instance that a channel is connected to. Held weakly:
 * channels that are thrown away take theirs with them. Thread-safe; asked when connections change,
 * never by a call.
 */
public final class SharedStatistics {

  private static final int MOST_TOLD = 100;

  private static final class Held extends WeakReference<InstanceStatistics> {
    final String place;

    Held(String place, InstanceStatistics statistics, ReferenceQueue<InstanceStatistics> gone) {
      super(statistics, gone);
      this.place = place;
    }
  }

  /** Guarded by this. By name and address: a name may have moved to where another program is. */
  private final Map<String, Held> byPlace = new HashMap<>();

  private final ReferenceQueue<InstanceStatistics> gone = new ReferenceQueue<>();

  /** Those of an instance, whatever facts it tells; made if nobody has any. */
  synchronized InstanceStatistics of(Instance instance) {
    for (Reference<?> some = gone.poll(); some != null; some = gone.poll()) {
      byPlace.remove(((Held) some).place, some);
    }
    String place = instance.hostPort() + " " + instance.address();
    Held held = byPlace.get(place);
    InstanceStatistics known = held == null ? null : held.get();
    if (known == null) {
      known = new InstanceStatistics();
      byPlace.put(place, new Held(place, known, gone));
    }
    return known;
  }

  /**
   * The attempts that are under way now, by instance, for people: of those that have any, and of no
   * more than a hundred.
   */
  public synchronized Map<String, Integer> underWay() {
    Map<String, Integer> underWay = new TreeMap<>();
    for (Held held : byPlace.values()) {
      InstanceStatistics known = held.get();
      int attempts = known == null ? 0 : known.inFlight();
      if (attempts != 0 && underWay.size() < MOST_TOLD) {
        underWay.merge(held.place.substring(0, held.place.indexOf(' ')), attempts, Integer::sum);
      }
    }
    return underWay;
  }
}
