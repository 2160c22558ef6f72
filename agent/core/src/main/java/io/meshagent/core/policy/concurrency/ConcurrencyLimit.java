package io.meshagent.core.policy.concurrency;

import io.meshagent.core.call.Call;
import io.meshagent.core.policy.concurrency.WaitingCall.State;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One limit, shared by all calls that the setting it belongs to applies to, and the queue before
 * it. Thread-safe: a call that finds a place takes no lock; the lock of those that wait is never
 * held while one is resumed.
 *
 * <p>Who comes first is let in first, until the queue has not been empty for a tenth of a second:
 * then there is more to do than can be done, and the last one has the best chance that somebody
 * still waits for its answer. That is adaptive LIFO and the rule of a controlled delay, both as
 * Facebook has them. A queue that is full then lets the eldest go for who comes.
 *
 * @see <a href="https://queue.acm.org/detail.cfm?id=2839461">Fail at Scale, ACM Queue 2015</a>
 */
final class ConcurrencyLimit {

  private static final long OVERLOADED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** A timer that is due at once would only be late. */
  private static final long SHORTEST_TIMER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final String name;
  private final LongSupplier nanoTime;
  private final Places places = new Places();

  /** Volatile: changed by who brings settings, read by calls. */
  private volatile ConcurrencySettings settings;

  /** Guarded by this. */
  private final WaitingLine line = new WaitingLine();

  /** Written with the lock held. Volatile: a call that ends looks here without it. */
  private volatile int waiting;

  /** Guarded by this. Since when the queue has not been empty; counts only if it is not. */
  private long busySinceNanos;

  /** Guarded by this. Whether a look is due. */
  private boolean looking;

  /**
   * @param name the setting as it is written, {@code server.concurrency.limit@helloworld.Greeter}
   */
  ConcurrencyLimit(String name, ConcurrencySettings settings, LongSupplier nanoTime) {
    this.name = name;
    this.nanoTime = nanoTime;
    this.settings = settings;
    places.become(settings.limit);
  }

  /**
   * Puts other settings in force. Calls that wait are let in or go on waiting, soon and on another
   * thread: this one may be the program's.
   */
  void become(ConcurrencySettings next) {
    Call timer;
    synchronized (this) {
      if (next.isSame(settings)) {
        return;
      }
      settings = next;
      places.become(next.limit);
      timer = line.first() == null ? null : line.first().call;
    }
    if (timer != null) {
      Runnable unused = timer.after(0, () -> look(timer));
    }
  }

  String name() {
    return name;
  }

  ConcurrencySettings settings() {
    return settings;
  }

  Places places() {
    return places;
  }

  /** How many calls wait. */
  int waiting() {
    return waiting;
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** Takes a place if there is one and nobody waits for it. */
  boolean tryEnter() {
    if (waiting == 0) {
      return places.tryTake();
    }
    places.reached();
    return false;
  }

  /**
   * Has a call wait; it may have been let in when this returns.
   *
   * @return false if the queue is full
   */
  boolean join(WaitingCall call) {
    WaitingCall pushedOut = null;
    synchronized (this) {
      long now = nanoTime();
      int room = settings.queue;
      if (room == 0) {
        return false;
      }
      if (line.size() >= room) {
        if (!isOverloaded(now)) {
          return false;
        }
        pushedOut = take(line.first(), State.PUSHED_OUT);
      }
      if (line.size() == 0 && pushedOut == null) {
        busySinceNanos = now;
      }
      call.sinceNanos = now;
      line.add(call);
      waiting = line.size();
    }
    if (pushedOut != null) {
      pushedOut.call.resume();
    }
    // A place may have come free before its owner could see that somebody waits.
    letIn();
    watch(call.call);
    return true;
  }

  /** With the lock held. */
  private boolean isOverloaded(long now) {
    return line.size() > 0 && now - busySinceNanos > OVERLOADED_NANOS;
  }

  /** With the lock held, for one that is in the line. */
  private WaitingCall take(WaitingCall call, State next) {
    line.remove(call);
    waiting = line.size();
    call.state = next;
    return call;
  }

  /**
   * A call that waited asks again.
   *
   * @param mayWait whether it can go on waiting
   * @return what it is now: in the queue, in, or what it is refused for
   */
  synchronized State ask(WaitingCall call, boolean mayWait) {
    State state = call.state;
    if (state == State.LET_IN) {
      call.takenNanos = nanoTime();
      call.state = State.IN;
      return State.IN;
    }
    if (state == State.WAITING && !mayWait) {
      WaitingCall unused = take(call, State.GONE);
      return State.GONE;
    }
    if (state != State.WAITING) {
      call.state = State.GONE;
    }
    return state;
  }

  /** A call that waited has ended, wherever it was. Gives back what it holds, once. */
  void end(WaitingCall call) {
    boolean held;
    synchronized (this) {
      held = call.state == State.LET_IN || call.state == State.IN;
      if (call.state == State.WAITING) {
        WaitingCall unused = take(call, State.GONE);
      }
      call.state = State.GONE;
    }
    if (held) {
      places.giveBack();
      if (call.resumer != Thread.currentThread()) {
        letIn();
      }
    }
  }

  /** A call that never waited gives its place back. */
  void leave() {
    places.giveBack();
    letIn();
  }

  /** Lets calls in for as long as there are places. */
  private void letIn() {
    while (waiting > 0) {
      WaitingCall next;
      synchronized (this) {
        if (line.size() == 0 || !places.tryTake()) {
          return;
        }
        next = take(isOverloaded(nanoTime()) ? line.last() : line.first(), State.LET_IN);
      }
      next.resumer = Thread.currentThread();
      try {
        next.call.resume();
      } finally {
        next.resumer = null;
      }
    }
  }

  /** Sees to it that those who wait for too long are told. */
  private void watch(Call timer) {
    long left;
    synchronized (this) {
      if (looking || line.size() == 0) {
        return;
      }
      looking = true;
      left = line.first().sinceNanos + settings.queueTimeout.toNanos() - nanoTime();
    }
    boolean planned = false;
    try {
      Runnable unused = timer.after(Math.max(SHORTEST_TIMER_NANOS, left), () -> looked(timer));
      planned = true;
    } finally {
      if (!planned) {
        looking(false);
      }
    }
  }

  private synchronized void looking(boolean now) {
    looking = now;
  }

  private void looked(Call timer) {
    looking(false);
    look(timer);
  }

  private void look(Call timer) {
    try {
      letIn();
      for (WaitingCall late = nextLate(); late != null; late = nextLate()) {
        late.call.resume();
      }
    } finally {
      watch(timer);
    }
  }

  private synchronized WaitingCall nextLate() {
    WaitingCall eldest = line.first();
    return eldest == null || nanoTime() - eldest.sinceNanos < settings.queueTimeout.toNanos()
        ? null
        : take(eldest, State.TIMED_OUT);
  }
}
