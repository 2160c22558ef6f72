package io.meshagent.core.policy.access;

/** What becomes of a call that a rule does not let in. */
public enum AccessMode {
  /** It is told of, and let in. */
  REPORT,
  /** It is refused. */
  ENFORCE
}
