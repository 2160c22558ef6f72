package io.meshagent.core.config;

/** Whether calls are governed. */
public enum Governance {
  /** As the policies say, and to instances of the directory. */
  ON,
  /** Not at all; what policies would have done is counted and told. */
  OBSERVE,
  /** Not at all. */
  OFF
}
