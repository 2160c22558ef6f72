package io.meshagent.core.policy.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.meshagent.core.call.Call;
import io.meshagent.core.flight.Flight;
import io.meshagent.core.log.Log;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One line on the log when a circuit opens, and one when it is closed again, however often it was
 * tried in between. Thread-safe.
 */
final class CircuitNews {

  /** Descriptions come from servers. */
  private static final int LONGEST_DESCRIPTION = 300;

  private final String what;
  private final BreakerSettings settings;

  /** Whether the log has it that the circuit is open. */
  private final AtomicBoolean saidOpen = new AtomicBoolean();

  /** Why it opened last, for people; empty before. Volatile: written by calls, read for a page. */
  private volatile String reason = "";

  /**
   * @param what a method or a service
   */
  CircuitNews(String what, BreakerSettings settings) {
    this.what = what;
    this.settings = settings;
  }

  /**
   * Says what has changed, if anything has.
   *
   * @param last the call by whose end it changed
   */
  void tell(Breaker breaker, Call last) {
    boolean open = !breaker.isClosed();
    if (open == saidOpen.get() || !saidOpen.compareAndSet(!open, open)) {
      return;
    }
    if (open) {
      reason = why(breaker.counts(), last);
      Flight.circuit(what, "open", reason);
      Log.warn(
          "the circuit of "
              + what
              + " is open (client.breaker): "
              + reason
              + "; for "
              + settings.openFor.toMillis()
              + " ms calls are refused, then a few are let through to see");
    } else {
      Flight.circuit(what, "closed", null);
      Log.warn("the circuit of " + what + " is closed again (client.breaker)");
    }
  }

  /** Why it opened last, half a sentence; empty if it has not. */
  String reason() {
    return reason;
  }

  private String why(CircuitBreaker.Metrics counts, Call last) {
    String of = " of the last " + counts.getNumberOfBufferedCalls() + " calls ";
    if (counts.getFailureRate() < settings.failureRate) {
      return counts.getNumberOfSlowCalls()
          + of
          + "took longer than "
          + settings.slowCall.toMillis()
          + " ms";
    }
    return counts.getNumberOfFailedCalls()
        + of
        + "failed"
        + (last.code() == null
            ? ""
            : ", the last one with " + last.code() + described(last.description()));
  }

  private static String described(String description) {
    if (description == null) {
      return "";
    }
    return description.length() <= LONGEST_DESCRIPTION
        ? ": " + description
        : ": " + description.substring(0, LONGEST_DESCRIPTION) + "…";
  }
}
