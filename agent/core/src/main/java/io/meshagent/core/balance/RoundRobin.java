package io.meshagent.core.balance;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every instance in turn. Stateless but for the pickers; a picker begins at a random instance, so
 * that programs which start together do not all call the same one first.
 */
public final class RoundRobin implements Balancer {

  @Override
  public boolean readsStatistics() {
    return false;
  }

  @Override
  public boolean readsAttempts() {
    return false;
  }

  @Override
  public Picker picker(Candidates candidates) {
    return new Turn(candidates.size());
  }

  private static final class Turn implements Picker {

    private final int instances;
    private final AtomicInteger next;

    Turn(int instances) {
      this.instances = instances;
      this.next = new AtomicInteger(ThreadLocalRandom.current().nextInt(instances));
    }

    @Override
    public int pick(Attempt attempt) {
      // Unsigned, for the counter overflows in a program that runs long enough.
      return Integer.remainderUnsigned(next.getAndIncrement(), instances);
    }
  }
}
