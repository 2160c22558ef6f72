package io.meshagent.core.policy.cache;

import io.meshagent.core.call.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Calls that ask the same at the same time: one goes, the others wait for its answer. If it fails
 * or is cancelled another one goes: the youngest, since the eldest may be about to run out of time,
 * and so would the next, each after having been sent. If it takes much longer than calls usually do
 * one more goes beside it, and a further one after twice that time: it may hang, or its program may
 * never take the answer. The first answer is for all. Thread-safe; its lock is not held when a call
 * is resumed.
 */
final class Flight {

  private final Flights flights;
  private final CacheKey key;

  /** Guarded by this. Any of them may leave at once. */
  private final NavigableMap<Integer, Seat> waiting = new TreeMap<>();

  /** Guarded by this. How many have joined. */
  private int joined;

  /** Guarded by this. Null for a moment, and after the end. */
  private Seat leader;

  /** Guarded by this. Nobody can join it any more. */
  private boolean over;

  /** Guarded by this. How long the next one waits for an answer; 0 while nobody waits. */
  private long patienceNanos;

  Flight(Flights flights, Seat leader) {
    this.flights = flights;
    this.key = leader.key;
    this.leader = leader;
    leader.flight = this;
    leader.state = Seat.State.LEADS;
  }

  /** Returns false if it is over. */
  boolean join(Seat seat) {
    boolean first;
    synchronized (this) {
      if (over) {
        return false;
      }
      seat.flight = this;
      seat.state = Seat.State.WAITING;
      seat.number = joined++;
      waiting.put(seat.number, seat);
      first = patienceNanos == 0;
      patienceNanos = first ? seat.patienceNanos : patienceNanos;
    }
    if (first && !isTimed(seat.call, seat.patienceNanos)) {
      standUp(seat);
    }
    return true;
  }

  /** Returns false if there is no timer: who joins next tries again. */
  private boolean isTimed(Call timer, long nanos) {
    try {
      Runnable unused = timer.after(nanos, () -> late(timer));
      return true;
    } catch (OutOfMemoryError e) {
      synchronized (this) {
        patienceNanos = 0;
      }
      return false;
    }
  }

  /**
   * Who leads takes long: one more goes, and no other for twice that time.
   *
   * @param timer a call of the method, as a clock
   */
  private void late(Call timer) {
    long next;
    synchronized (this) {
      if (over || waiting.isEmpty()) {
        patienceNanos = 0;
        return;
      }
      if (leader != null) {
        leader.state = Seat.State.ALONE;
        leader = null;
      }
      patienceNanos *= 2;
      next = patienceNanos;
    }
    boolean unused = isTimed(timer, next);
    passOn();
  }

  /** A call that can wait no longer goes by itself, unless it is something else by now. */
  synchronized void standUp(Seat seat) {
    if (waiting.remove(seat.number, seat)) {
      seat.state = Seat.State.ALONE;
    }
  }

  /** There is an answer for all. */
  void land(KeptResponse answer, boolean stale) {
    for (Seat seat : end()) {
      seat.answer = answer;
      seat.stale = stale;
      seat.state = Seat.State.ANSWERED;
      seat.call.resume();
    }
  }

  /** There is none that others could use: they all go. */
  void scatter() {
    for (Seat seat : end()) {
      seat.state = Seat.State.ALONE;
      seat.call.resume();
    }
  }

  private List<Seat> end() {
    List<Seat> all;
    synchronized (this) {
      over = true;
      if (leader != null) {
        leader.state = Seat.State.ALONE;
        leader = null;
      }
      all = new ArrayList<>(waiting.values());
      waiting.clear();
    }
    flights.over(key, this);
    return all;
  }

  /** A call ends, or has given up, without an answer: if it led the next one does. */
  void leave(Seat seat) {
    synchronized (this) {
      boolean unused = waiting.remove(seat.number, seat);
      if (leader != seat) {
        return;
      }
      leader = null;
    }
    if (seat.resumer != Thread.currentThread()) {
      passOn();
    }
  }

  private void passOn() {
    for (Seat next = next(); next != null; next = next()) {
      next.resumer = Thread.currentThread();
      try {
        next.call.resume();
      } finally {
        next.resumer = null;
      }
    }
  }

  /** Null if nobody is left, or somebody leads. */
  private Seat next() {
    synchronized (this) {
      if (leader != null || over) {
        return null;
      }
      if (!waiting.isEmpty()) {
        leader = waiting.pollLastEntry().getValue();
        leader.state = Seat.State.LEADS;
        return leader;
      }
      over = true;
    }
    flights.over(key, this);
    return null;
  }
}
