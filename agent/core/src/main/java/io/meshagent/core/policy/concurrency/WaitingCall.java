package io.meshagent.core.policy.concurrency;

import io.meshagent.core.call.Call;

/**
 * A call that is or was in the queue of a limit, and its link there. All but the call is guarded by
 * the limit, and what else is said at the field.
 */
final class WaitingCall {

  enum State {
    /** In the queue. */
    WAITING,
    /** A place was taken for it; it does not know yet. */
    LET_IN,
    /** It has its place. */
    IN,
    /** It was in the queue for too long, and does not know yet. */
    TIMED_OUT,
    /** A younger one took its place in the queue, and it does not know yet. */
    PUSHED_OUT,
    /** It holds nothing, and never will. */
    GONE
  }

  final Call call;
  State state = State.WAITING;
  long sinceNanos;

  /** When it got its place. Volatile: read by who ends the call, on any thread. */
  volatile long takenNanos;

  /**
   * The thread that is about to resume it, while it does. Volatile: a call that ends meanwhile on
   * that thread has to leave the queue to it, or ten thousand of them would end one in the other.
   */
  volatile Thread resumer;

  WaitingCall before;
  WaitingCall after;

  WaitingCall(Call call) {
    this.call = call;
  }
}
