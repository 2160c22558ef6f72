package io.meshagent.it.programs;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many calls a server has at once, and the answers that it keeps back. Thread-safe. */
final class UnderWay {

  private int now;
  private int most;
  private boolean holds;
  private final Queue<Runnable> held = new ArrayDeque<>();

  /** A call has begun; what comes back ends it, once. */
  synchronized Runnable begin() {
    now++;
    most = Math.max(most, now);
    AtomicBoolean ended = new AtomicBoolean();
    return () -> {
      if (ended.compareAndSet(false, true)) {
        end();
      }
    };
  }

  private synchronized void end() {
    now--;
  }

  /** The most at once since it was asked last. */
  synchronized int most() {
    int answer = most;
    most = now;
    return answer;
  }

  /** From now on answers wait. */
  synchronized void hold() {
    holds = true;
  }

  void release() {
    while (true) {
      Runnable next;
      synchronized (this) {
        holds = false;
        next = held.poll();
      }
      if (next == null) {
        return;
      }
      next.run();
    }
  }

  void whenReleased(Runnable answer) {
    synchronized (this) {
      if (holds) {
        held.add(answer);
        return;
      }
    }
    answer.run();
  }
}
