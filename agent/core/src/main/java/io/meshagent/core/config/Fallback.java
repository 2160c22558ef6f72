package io.meshagent.core.config;

/** What becomes of calls for which the directory has nobody that can be reached. */
public enum Fallback {
  /** They go to the target of their channel, as without the agent. */
  OWN,
  /** They fail. */
  FAIL
}
