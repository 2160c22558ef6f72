package io.meshagent.core.api;

/**
 * A way to spread calls over the instances of a service. The adapter asks for a new picker whenever
 * the set of connected instances changes, and tells each instance's {@link Attempts} how it went.
 */
public interface Balancer {

  /**
   * A picker over the instances that are connected now.
   *
   * @param ready at least one; the picker answers with indexes into it and must not change it
   */
  Picker picker(Attempts[] ready);

  /**
   * Immutable but for its counters; called by many threads at once. Takes no lock, allocates
   * nothing.
   */
  interface Picker {

    /** The index of the instance for one attempt. */
    int pick();
  }
}
