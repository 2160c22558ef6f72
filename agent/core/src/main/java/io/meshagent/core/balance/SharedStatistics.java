package io.meshagent.core.balance;

import io.meshagent.core.api.Instance;
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
}
