package io.meshagent.core.policy.breaker;

import io.meshagent.core.call.Call;

/**
 * What a breaker gives a call that it lets in: which phase of the circuit the call's result counts
 * in, and from when on the call's time counts. All calls of a closed circuit have the same one
 * where time makes no difference; each probe has its own.
 */
final class Permit {

  /** For calls that come while the circuit is closed. */
  static final Permit CLOSED = new Permit(null, 1, null, false, 0);

  /** For calls whose end says nothing, whatever it is. */
  static final Permit UNCOUNTED = new Permit(null, 0, null, false, 0);

  /** The circuit that a probe is for; null for any other call. */
  final Breaker breaker;

  /** The half-open phase that a probe belongs to. */
  final int phase;

  /** The call that is a probe; null for any other. */
  final Call probe;

  /** Whether that may stay without an answer for long. */
  final boolean streaming;

  /** When the call was let in; means nothing where time makes no difference. */
  final long enteredNanos;

  /** Guarded by the breaker. Whether its result was taken down before the call has reported it. */
  private boolean believed;

  private Permit(Breaker breaker, int phase, Call probe, boolean streaming, long enteredNanos) {
    this.breaker = breaker;
    this.phase = phase;
    this.probe = probe;
    this.streaming = streaming;
    this.enteredNanos = enteredNanos;
  }

  /** For a call of a closed circuit that judges by time, too. */
  static Permit timed(long nowNanos) {
    return new Permit(null, CLOSED.phase, null, false, nowNanos);
  }

  static Permit ofProbe(Breaker breaker, int phase, Call probe, boolean streaming, long nowNanos) {
    return new Permit(breaker, phase, probe, streaming, nowNanos);
  }

  boolean isProbe() {
    return probe != null;
  }

  void believe() {
    believed = true;
  }

  boolean isBelieved() {
    return believed;
  }
}
