package io.meshagent.core.policy.breaker;

import io.meshagent.core.api.Code;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Outcome;

/**
 * The one table that says what the end of a call means for those who judge servers by it.
 * Stateless.
 */
public final class Failures {

  /** What an end says about the server. */
  public enum Kind {
    /** The server had no part in it: nothing was sent, or it had no fair time to answer. */
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
   * @param call one that is ending
   * @param usual how long the method's answers take
   */
  static Kind kindOf(Call call, boolean streaming, UsualTime usual) {
    Outcome outcome = call.outcome();
    if (outcome.isUnsent()) {
      return Kind.LOCAL;
    }
    Kind kind = kindOf(outcome.code());
    if (kind != Kind.SERVER) {
      return kind;
    }
    if (outcome.isPassedOn()) {
      // Of somebody behind the server. Who refused has judged that one already.
      return Kind.LOCAL;
    }
    if (streaming && call.hasResponded()) {
      // Streams end so when their server drains, or because that is how it says goodbye.
      return Kind.LOCAL;
    }
    return outcome.isOutOfTime()
            && outcome.timeGivenNanos() < usual.fairNanos(outcome.hadInheritedTime())
        ? Kind.LOCAL
        : Kind.SERVER;
  }

  /** What a code says of the server if nothing else is known. */
  static Kind kindOf(Code code) {
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
