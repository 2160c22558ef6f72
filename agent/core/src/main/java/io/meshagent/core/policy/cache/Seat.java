package io.meshagent.core.policy.cache;

import io.meshagent.core.call.Call;

/**
 * The place of a call among those that ask the same. Guarded by its flight but for what is said.
 */
final class Seat {

  enum State {
    /** Its call waits for the answer of another one. */
    WAITING,
    /** Its call asks for all. */
    LEADS,
    /** There is an answer for it, and it does not know yet. */
    ANSWERED,
    /** Its call goes by itself; nobody waits for it. */
    ALONE
  }

  final Call call;
  final CacheKey key;

  /** Which it was of those that have joined its flight; the one that led first has none. */
  int number;

  /** Null for a call that was alone from the beginning. Set before others see the seat. */
  Flight flight;

  /** Volatile: read by the call, on any thread. */
  volatile State state = State.ALONE;

  /** Written before the state. */
  KeptResponse answer;

  /** Written before the state: whether the answer is one of which the time is over. */
  boolean stale;

  /** How long it waits before one more asks. Set before others see the seat. */
  final long patienceNanos;

  /** Volatile: set where an attempt leaves. Whether its response may be for nobody else. */
  volatile boolean secret;

  /**
   * The thread that is about to resume it, while it does. Volatile: a call that fails meanwhile on
   * that thread has to leave it to that who is next, or thousands would fail one in the other.
   */
  volatile Thread resumer;

  Seat(Call call, CacheKey key, long patienceNanos) {
    this.patienceNanos = patienceNanos;
    this.call = call;
    this.key = key;
  }
}
