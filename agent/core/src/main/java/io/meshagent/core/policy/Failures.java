package io.meshagent.core.policy;

import io.meshagent.core.api.Code;

/** The one table that says what the end of a call means for those who judge servers by it. */
public final class Failures {

  /** What an end says about the server. */
  public enum Kind {
    /** The server had no part in it: nothing was sent, or nobody waited for the answer. */
    LOCAL,
    /** The server, or the way to it, failed. */
    SERVER,
    /** The server is there and has too much to do. */
    OVERLOAD,
    /** The program's own answer, good or bad. */
    HEALTHY
  }

  private Failures() {}

  /**
   * Judges the end of a call.
   *
   * @param unsent whether it ended before it was sent, by a policy of ours for one
   */
  public static Kind kindOf(Code code, boolean unsent) {
    if (unsent) {
      return Kind.LOCAL;
    }
    switch (code) {
      case UNAVAILABLE:
      case DEADLINE_EXCEEDED:
      case DATA_LOSS:
        return Kind.SERVER;
      case RESOURCE_EXHAUSTED:
        return Kind.OVERLOAD;
      case CANCELLED:
        // By the caller nearly always, and a server that answers so can't be told from that.
        return Kind.LOCAL;
      default:
        // INTERNAL and UNKNOWN too: many programs answer with them what others would answer with
        // INVALID_ARGUMENT or NOT_FOUND.
        return Kind.HEALTHY;
    }
  }
}
