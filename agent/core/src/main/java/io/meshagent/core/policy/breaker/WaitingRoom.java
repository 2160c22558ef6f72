package io.meshagent.core.policy.breaker;

import io.meshagent.core.call.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * The calls that wait until a circuit lets them in, first come, first served. Bounded by the
 * program alone: without the agent the same calls would wait in gRPC. Thread-safe; looks after them
 * ten times a second while there are any, and never holds its lock when it resumes one.
 */
final class WaitingRoom {

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Admission admission;

  /** Guarded by this. */
  private final Queue<Call> calls = new ArrayDeque<>();

  /** Guarded by this. Whether a look is due. */
  private boolean looking;

  WaitingRoom(Admission admission) {
    this.admission = admission;
  }

  /** Its stage had the call wait. */
  void add(Call call) {
    synchronized (this) {
      calls.add(call);
      if (looking) {
        return;
      }
      looking = true;
    }
    Runnable unused = call.after(PAUSE_NANOS, () -> look(call));
  }

  private void look(Call timer) {
    for (Call call : admissible()) {
      call.resume();
    }
    synchronized (this) {
      looking = !calls.isEmpty();
      if (!looking) {
        return;
      }
    }
    Runnable unused = timer.after(PAUSE_NANOS, () -> look(timer));
  }

  private synchronized List<Call> admissible() {
    List<Call> next = new ArrayList<>();
    int most = admission.room();
    for (Iterator<Call> all = calls.iterator(); all.hasNext(); ) {
      Call call = all.next();
      if (call.isOver()) {
        all.remove();
      } else if (next.size() < most) {
        all.remove();
        next.add(call);
      }
    }
    return next;
  }
}
