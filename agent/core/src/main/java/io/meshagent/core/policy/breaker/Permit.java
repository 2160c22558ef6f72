package io.meshagent.core.policy.breaker;

import io.meshagent.core.call.Call;

/**
 * What a breaker gives a call that it lets in: which phase of the circuit the call's result counts
 * in. All calls of a closed circuit have the same one; each probe has its own.
 */
final class Permit {

  /** For calls that come while the circuit is closed. */
  static final Permit CLOSED = new Permit(1, null);

  /** The half-open phase that a probe belongs to. */
  final int phase;

  /** The call that is a probe. */
  final Call probe;

  /** Guarded by the breaker. Whether its result was taken down before the call has reported it. */
  private boolean believed;

  private Permit(int phase, Call probe) {
    this.phase = phase;
    this.probe = probe;
  }

  static Permit ofProbe(int phase, Call probe) {
    return new Permit(phase, probe);
  }

  void believe() {
    believed = true;
  }

  boolean isBelieved() {
    return believed;
  }
}
