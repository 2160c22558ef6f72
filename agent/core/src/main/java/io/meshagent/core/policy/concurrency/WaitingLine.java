package io.meshagent.core.policy.concurrency;

/**
 * Calls in the order in which they came, any of which can leave at once. A list of links, since
 * those of the JDK look for what is to be removed. Guarded by the limit that has it.
 */
final class WaitingLine {

  private WaitingCall first;
  private WaitingCall last;
  private int size;

  int size() {
    return size;
  }

  /** The eldest; null if there is none, as is the next. */
  WaitingCall first() {
    return first;
  }

  /** The youngest. */
  WaitingCall last() {
    return last;
  }

  /** For one that is in no line. */
  void add(WaitingCall call) {
    call.before = last;
    if (last == null) {
      first = call;
    } else {
      last.after = call;
    }
    last = call;
    size++;
  }

  /** For one that is in this line. */
  void remove(WaitingCall call) {
    if (call.before == null) {
      first = call.after;
    } else {
      call.before.after = call.after;
    }
    if (call.after == null) {
      last = call.before;
    } else {
      call.after.before = call.before;
    }
    call.before = null;
    call.after = null;
    size--;
  }
}
