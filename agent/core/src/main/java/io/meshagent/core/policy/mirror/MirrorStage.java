package io.meshagent.core.policy.mirror;

import io.meshagent.core.api.Copies;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Decides when the first attempt of a call leaves whether it is copied: nothing can refuse the call
 * any more, and a trace that it belongs to is known.
 */
final class MirrorStage implements Stage {

  /** On every copy, so that servers can tell. */
  static final String MARK = "mesh-mirror";

  private static final String TRACEPARENT = "traceparent";

  /** {@code 00-}, 32 hexadecimal digits, {@code -}: what the trace's number is (W3C). */
  private static final int TRACE_END = 35;

  /** So many of its last digits make a number that a double holds. */
  private static final int DIGITS = 13;

  private static final double RANGE = 0x1p52;

  private enum State {
    UNDECIDED,
    DECIDED
  }

  private final double[] limits;
  private final Copies[] to;

  /**
   * @param limits up to which number from 0 to 1 each of the destinations counts
   */
  MirrorStage(double[] limits, Copies[] to) {
    this.limits = limits.clone();
    this.to = to.clone();
  }

  @Override
  public Verdict enter(Call call) {
    call.keep(this, State.UNDECIDED);
    return null;
  }

  @Override
  public void sending(Call call) {
    if (call.kept(this) != State.UNDECIDED) {
      return;
    }
    call.keep(this, State.DECIDED);
    if (call.isCopy || call.header(MARK) != null) {
      return;
    }
    double number = number(call.header(TRACEPARENT));
    for (int i = 0; i < limits.length; i++) {
      if (number < limits[i]) {
        call.copy(to[i]);
        return;
      }
    }
  }

  /** From 0 to 1, the same for all calls of a trace. */
  private static double number(String traceparent) {
    if (traceparent != null && traceparent.length() >= TRACE_END) {
      try {
        String last = traceparent.substring(TRACE_END - DIGITS, TRACE_END);
        return Long.parseLong(last, 16) / RANGE;
      } catch (NumberFormatException e) {
        // The program's own, in a form of its own.
        return ThreadLocalRandom.current().nextDouble();
      }
    }
    return ThreadLocalRandom.current().nextDouble();
  }

  @Override
  public void leave(Call call) {}

  @Override
  public boolean marksEveryCall() {
    return true;
  }

  @Override
  public boolean copiesRequests() {
    return true;
  }

  @Override
  public boolean keepsState() {
    return true;
  }
}
