package io.meshagent.core.policy.ratelimit;

/** Whose calls a rate is for. */
public enum LimitScope {
  /** Those that one instance answers. */
  INSTANCE,
  /** Those that all live instances of the service answer together. */
  CLUSTER
}
