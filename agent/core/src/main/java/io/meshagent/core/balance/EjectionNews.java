package io.meshagent.core.balance;

import io.meshagent.core.api.Agent;
import io.meshagent.core.flight.Flight;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Says in the agent's log when instances of a service are left out, and why: each time, but of one
 * instance once in a minute, and of a service that fails as a whole no more than a few lines in
 * that time. Thread-safe.
 */
final class EjectionNews {

  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Of as many instances at most in the time; the page has them all. */
  static final int MOST = 10;

  private final String service;
  private final Agent agent;

  /** Guarded by this. When each was told of, as long as that counts. */
  private final Map<String, Long> told = new HashMap<>();

  EjectionNews(String service, Agent agent) {
    this.service = service;
    this.agent = agent;
  }

  void ejected(String identity, String why, boolean isOnlyReported) {
    Flight.ejection(service, identity, isOnlyReported ? "reported" : "ejected", why);
    if (!isNews(identity)) {
      return;
    }
    agent.news(
        isOnlyReported
            ? identity
                + " would get no calls of "
                + service
                + " for a while ("
                + why
                + "); it gets its share of them all the same (client.ejection=report)"
            : identity
                + " gets no calls of "
                + service
                + " for a while ("
                + why
                + "); it is tried again after 1 s, and then less and less often (client.ejection)");
  }

  /** The circuit of an instance has opened. */
  void opened(String identity, String why) {
    Flight.ejection(service, identity, "ejected", why);
    if (isNews(identity)) {
      agent.news(
          "the circuit of "
              + identity
              + " is open for "
              + service
              + " ("
              + why
              + "); it gets no calls of it until probes are well (client.breaker.scope=instance)");
    }
  }

  /** The instance gets its calls again: of that the log says nothing. */
  void back(String identity) {
    Flight.ejection(service, identity, "back", null);
  }

  private synchronized boolean isNews(String identity) {
    long now = agent.nanoTime();
    told.values().removeIf(at -> now - at >= PAUSE_NANOS);
    return told.size() < MOST && told.putIfAbsent(identity, now) == null;
  }
}
