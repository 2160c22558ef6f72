package io.meshagent.core.fleet;

import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** Events in the order of their times. For one thread. */
final class Simulation {

  private record Event(long at, long number, Runnable task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long number;
  private long now;

  long now() {
    return now;
  }

  double seconds() {
    return now / 1e9;
  }

  void after(long nanos, Runnable task) {
    events.add(new Event(now + nanos, number++, task));
  }

  void run(long seconds) {
    long end = TimeUnit.SECONDS.toNanos(seconds);
    while (!events.isEmpty() && events.peek().at() <= end) {
      Event next = events.poll();
      now = next.at();
      next.task().run();
    }
    now = end;
  }
}
