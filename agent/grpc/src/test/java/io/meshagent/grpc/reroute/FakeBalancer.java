package io.meshagent.grpc.reroute;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import java.util.function.ToIntBiFunction;

/** Does what a test says. */
final class FakeBalancer implements Balancer {

  boolean readsStatistics;
  boolean readsAttempts;
  Candidates candidates;
  int pickers;
  ToIntBiFunction<Candidates, Attempt> pick = (of, attempt) -> 0;

  @Override
  public boolean readsStatistics() {
    return readsStatistics;
  }

  @Override
  public boolean readsAttempts() {
    return readsAttempts;
  }

  @Override
  public Picker picker(Candidates now) {
    candidates = now;
    pickers++;
    return attempt -> pick.applyAsInt(now, attempt);
  }
}
