package io.meshagent.core.policy.breaker;

/** What calls wait for. Thread-safe. */
interface Admission {

  /** How many calls that come now have a chance; 0 for none. */
  int room();
}
