package io.meshagent.core.call;

/**
 * The trace and the baggage of a server's call, for the calls that its handler makes. Immutable.
 */
final class Carried {

  /** The trace stage's own; null for nothing. */
  final Object trace;

  /** As it came. */
  final String baggage;

  Carried(Object trace, String baggage) {
    this.trace = trace;
    this.baggage = baggage;
  }
}
