package io.meshagent.core.policy.breaker;

/** What has a circuit of its own. */
public enum BreakerScope {
  /** Each method. */
  METHOD,
  /** Each service: all of its methods share one. */
  SERVICE,
  /** Each instance of a service; calls go to those whose circuit is closed. */
  INSTANCE
}
