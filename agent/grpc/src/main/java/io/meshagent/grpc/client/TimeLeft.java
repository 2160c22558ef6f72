package io.meshagent.grpc.client;

import io.grpc.Deadline;
import io.meshagent.grpc.base.MetadataCall;
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
   * Tells a call that has ended with DEADLINE_EXCEEDED if the reason was on this side: a server may
   * answer so, too.
   */
  static void tell(MetadataCall call, Deadline own, Deadline inherited) {
    Deadline over = earlier(own, inherited);
    if (over != null && over.isExpired()) {
      // What is left is negative: it began with so much less than has passed since.
      call.ranOutOfTime(call.elapsedNanos() + nanos(over), over == inherited);
    }
  }

  private static long nanos(Deadline deadline) {
    return deadline.timeRemaining(TimeUnit.NANOSECONDS);
  }
}
