package io.meshagent.core.balance;

/**
 * Chooses among the instances that were given when it was made. Immutable but for a counter; called
 * by each pick, by many threads at once; takes no lock and allocates nothing.
 */
interface Chooser {

  /**
   * The index of the instance for one attempt.
   *
   * @param nowNanos the engine's clock
   * @param key what the call is hashed by; null if it has nothing of the kind
   */
  int choose(long nowNanos, String key);
}
