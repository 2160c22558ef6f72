package io.meshagent.core.balance;

import io.meshagent.core.api.Agent;

/** Says in the agent's log when instances are left out, once for each reason. Thread-safe. */
final class EjectionNews {

  private final String service;
  private final Agent agent;

  EjectionNews(String service, Agent agent) {
    this.service = service;
    this.agent = agent;
  }

  void ejected(String identity, String why, boolean isOnlyReported) {
    agent.warn(
        isOnlyReported
            ? identity
                + " fails calls of "
                + service
                + " ("
                + why
                + "); it gets its share of them"
                + " all the same (client.ejection=report)"
            : identity
                + " gets no calls of "
                + service
                + " for a while, since it fails them; it is tried again after 1 s, and then less and"
                + " less often (client.ejection)");
  }
}
