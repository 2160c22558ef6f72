package io.meshagent.grpc.client;

import io.grpc.Deadline;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Outcome;
import java.util.concurrent.TimeUnit;

/** The two deadlines of a call, either of which may be null: its own and its context's. */
final class TimeLeft {

  private TimeLeft() {}

  /** The one that counts; null if there is none. */
  static Deadline earlier(Deadline own, Deadline inherited) {
    if (own == null || inherited == null) {
      return own == null ? inherited : own;
    }
    return isInherited(own, inherited) ? inherited : own;
  }

  /** A deadline that the program has handed on is the same one. */
  private static boolean isInherited(Deadline own, Deadline inherited) {
    return inherited != null && (own == null || nanos(inherited) <= nanos(own));
  }

  /**
   * The outcome of a call that has ended with DEADLINE_EXCEEDED, with what is to be said of its
   * time if the reason was on this side: a server may answer so, too.
   */
  static Outcome judged(Outcome outcome, Call call, Deadline own, Deadline inherited) {
    Deadline over = earlier(own, inherited);
    // What is left is negative: it began with so much less than has passed since.
    return over != null && over.isExpired()
        ? outcome.outOfTime(call.elapsedNanos() + nanos(over), over == inherited)
        : outcome;
  }

  private static long nanos(Deadline deadline) {
    return deadline.timeRemaining(TimeUnit.NANOSECONDS);
  }
}
