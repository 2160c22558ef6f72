package io.meshagent.core.fleet;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A server with a few workers and a queue before them. What is queued is done even if nobody waits
 * for it any more, as by a server that does not look at deadlines.
 */
final class SimulatedServer {

  /** How a server is. */
  enum Health {
    WELL,
    /** Takes two seconds for what takes others ten milliseconds. */
    SLOW,
    /** Fails each call at once. */
    FAILING
  }

  private static final int WORKERS = 8;
  private static final double WELL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final double SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long AT_ONCE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final Simulation simulation;
  private final Random random;
  private final Deque<Runnable> queue = new ArrayDeque<>();
  private Health health = Health.WELL;
  private int busy;
  private long calls;

  SimulatedServer(Simulation simulation, Random random) {
    this.simulation = simulation;
    this.random = random;
  }

  /** Takes whatever the answer is. */
  interface Caller {
    void answered(boolean well);
  }

  void become(Health next) {
    health = next;
  }

  Health health() {
    return health;
  }

  /** Calls that came here. */
  long calls() {
    return calls;
  }

  void call(Caller caller) {
    calls++;
    if (health == Health.FAILING) {
      simulation.after(AT_ONCE_NANOS, () -> caller.answered(false));
    } else if (busy < WORKERS) {
      work(caller);
    } else {
      queue.add(() -> work(caller));
    }
  }

  private void work(Caller caller) {
    busy++;
    double mean = health == Health.SLOW ? SLOW_NANOS : WELL_NANOS;
    // Half of it is the same for all calls, the rest has a long tail.
    double nanos = mean / 2 - mean / 2 * Math.log(1 - random.nextDouble());
    simulation.after(
        (long) nanos,
        () -> {
          busy--;
          caller.answered(true);
          Runnable next = queue.poll();
          if (next != null) {
            next.run();
          }
        });
  }
}
