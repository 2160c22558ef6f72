package io.meshagent.core.policy.cache;

import io.meshagent.core.call.Response;

/** A response, when it came, and what its server says of how long it may be used. Immutable. */
public final class KeptResponse {

  private final Response response;
  private final long cameNanos;
  private final long mostNanos;
  private final boolean staleAllowed;

  /**
   * @param mostNanos how long it is good at most
   * @param staleAllowed whether it may be used after that at all
   */
  KeptResponse(Response response, long cameNanos, long mostNanos, boolean staleAllowed) {
    this.response = response;
    this.cameNanos = cameNanos;
    this.mostNanos = mostNanos;
    this.staleAllowed = staleAllowed;
  }

  public Response response() {
    return response;
  }

  /** Whether it is as good as an answer of the server's by this time to live. */
  boolean isFresh(long now, long ttlNanos) {
    return now - cameNanos < Math.min(ttlNanos, mostNanos);
  }

  /** Whether it may be used where the server can't answer, so long after it was fresh. */
  boolean isUsable(long now, long ttlNanos, long staleNanos) {
    long fresh = Math.min(ttlNanos, mostNanos);
    return now - cameNanos < (staleAllowed ? fresh + staleNanos : fresh);
  }

  /** Whether it came no longer ago than that. */
  public boolean isYounger(long now, long nanos) {
    return now - cameNanos < nanos;
  }
}
