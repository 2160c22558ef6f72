package io.meshagent.core.call;

import io.meshagent.core.api.Code;

/**
 * Measures the attempts of the calls that one method's clients make: what gRPC opens streams for.
 * On a server, where each attempt that arrives is a call, it is only told of their ends. Called on
 * gRPC's threads, several at once: it must not block.
 */
public interface AttemptMeter {

  /** Whether it wants to hear of each attempt; else only {@link #repeated} is told. */
  boolean measuresEach();

  /** An attempt has begun. */
  void began();

  /**
   * One that has begun is over.
   *
   * @param nanos how long it took; 0 on a server, where others measure that
   * @param sentBytes of messages, as compressed; without headers and what frames them
   * @param receivedBytes likewise
   */
  void ended(Code code, long nanos, long sentBytes, long receivedBytes);

  /**
   * A call is over that had more than one attempt.
   *
   * @param transparent attempts that took the place of one that no server had seen
   */
  void repeated(int retries, int transparent, int hedges);
}
