package io.meshagent.core.policy.breaker;

import io.meshagent.core.call.Call;
import java.util.concurrent.TimeUnit;

/**
 * The circuit as the calls of one method find it: that of the method itself or of its service,
 * unless it is forced. Lives on while settings change, so that calls that wait for it see what is
 * in force now. Thread-safe.
 */
final class MethodCircuit implements Admission {

  private final String method;
  private final boolean streaming;
  private final UsualTime usualTime = new UsualTime();
  private final WaitingRoom waitingRoom = new WaitingRoom(this);

  /** Volatile, as the next: replaced when settings change, read by each call. */
  private volatile Breaker breaker;

  private volatile Forced forced = Forced.OFF;

  /** The setting that forces it, for people. Written before what it says. */
  private volatile String forcedBy;

  /**
   * @param method full name
   * @param streaming whether client or server may send more than one message
   */
  MethodCircuit(String method, boolean streaming) {
    this.method = method;
    this.streaming = streaming;
  }

  /** By other settings from now on. */
  void become(Breaker next) {
    breaker = next;
  }

  /**
   * The circuit opens and closes no more by itself, or again.
   *
   * @param setting which says so
   */
  void force(Forced next, String setting) {
    forcedBy = setting;
    forced = next;
  }

  /** The method has no circuit any more: whoever waits for it is let in. */
  void retire() {
    force(Forced.CLOSED, null);
  }

  Breaker breaker() {
    return breaker;
  }

  String method() {
    return method;
  }

  boolean isStreaming() {
    return streaming;
  }

  /** How long the method's answers take. */
  UsualTime usualTime() {
    return usualTime;
  }

  /** Where calls wait until they are let in. */
  WaitingRoom waitingRoom() {
    return waitingRoom;
  }

  /** The setting that forces it; null if none does. */
  String forcedBy() {
    return forced == Forced.OFF ? null : forcedBy;
  }

  /**
   * {@code CLOSED}, {@code OPEN}, {@code HALF_OPEN}, {@code FORCED_OPEN}, {@code FORCED_CLOSED}.
   */
  String state() {
    Forced now = forced;
    return now == Forced.OFF ? breaker.state() : "FORCED_" + now;
  }

  /** What stands in the way of calls, a whole sentence; null for nothing. */
  String trouble() {
    String by = forcedBy();
    if (by != null) {
      return forced == Forced.CLOSED
          ? null
          : "The circuit of " + method + " is forced open by " + by + ": all calls are refused.";
    }
    Breaker now = breaker;
    if (now.isClosed()) {
      return null;
    }
    String reason = now.reason().isEmpty() ? "too many calls failed" : now.reason();
    long millis = TimeUnit.NANOSECONDS.toMillis(now.nanosToProbe());
    return "The circuit of "
        + method
        + " is open (client.breaker), so calls are refused: "
        + reason
        + (millis == 0
            ? "; probes decide now whether it closes."
            : "; the next probe is due in " + Math.ceil(millis / 100.0) / 10 + " s.");
  }

  /**
   * Lets a call in, or doesn't.
   *
   * @return the call's permit, to be reported or released once; null if it may not come in
   */
  Permit tryEnter(Call call) {
    Forced now = forced;
    if (now == Forced.OFF) {
      return breaker.tryEnter(call, this);
    }
    return now == Forced.OPEN ? null : Permit.UNCOUNTED;
  }

  @Override
  public int room() {
    Forced now = forced;
    if (now != Forced.OFF) {
      return now == Forced.OPEN ? 0 : Integer.MAX_VALUE;
    }
    return breaker.room();
  }
}
