package io.meshagent.core.policy.breaker;

/** Whether somebody has taken the say from the circuit. */
public enum Forced {
  /** No: it opens and closes by what becomes of calls. */
  OFF,
  /** All calls are refused. */
  OPEN,
  /** All calls are let in, and none counts. */
  CLOSED
}
