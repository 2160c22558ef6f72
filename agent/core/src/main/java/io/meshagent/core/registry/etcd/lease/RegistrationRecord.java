package io.meshagent.core.registry.etcd.lease;

import io.meshagent.core.registry.RegistrationState;
import io.meshagent.core.registry.RegistrationStatus;
import io.meshagent.core.registry.RegistrationStatus.Request;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations.Reply;
import io.meshagent.core.run.TaskLoop;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the registration has lived through, for metrics. Thread-safe: answers are counted where they
 * arrive, also those that come too late for the registration to care.
 */
final class RegistrationRecord {

  private final TaskLoop loop;
  private final AtomicLong leasesLost = new AtomicLong();

  /** Guarded by itself; by request, then by outcome. */
  private final Map<Request, Map<String, Long>> attempts = new EnumMap<>(Request.class);

  /** Volatile: written by the loop, read by views. Null before the first lease. */
  private volatile Long renewedAt;

  RegistrationRecord(TaskLoop loop) {
    this.loop = loop;
  }

  /** Counts the answer, then hands it on. */
  <T> Reply<T> counting(Request request, Reply<T> answer) {
    return (value, failure) -> {
      count(request, outcome(request, value, failure));
      answer.arrived(value, failure);
    };
  }

  private static String outcome(Request request, Object value, EtcdFailure failure) {
    if (failure != null) {
      return failure.kind().name().toLowerCase(Locale.ROOT);
    }
    if (request == Request.PUT && value != null) {
      return "in_the_way";
    }
    return request == Request.RENEW && (Long) value <= 0 ? "lease_gone" : "ok";
  }

  private void count(Request request, String outcome) {
    synchronized (attempts) {
      attempts.computeIfAbsent(request, none -> new HashMap<>()).merge(outcome, 1L, Long::sum);
    }
  }

  /**
   * There is a lease, new or kept.
   *
   * @param sent when that was asked for, on the loop's clock
   */
  void renewed(long sent) {
    renewedAt = sent;
  }

  void lost() {
    leasesLost.incrementAndGet();
  }

  long leasesLost() {
    return leasesLost.get();
  }

  RegistrationStatus status(RegistrationState state, int desired, int registered) {
    Long renewed = renewedAt;
    OptionalDouble ago =
        renewed == null
            ? OptionalDouble.empty()
            : OptionalDouble.of((loop.nanoTime() - renewed) / 1e9);
    synchronized (attempts) {
      return new RegistrationStatus(state, desired, registered, leasesLost.get(), attempts, ago);
    }
  }
}
