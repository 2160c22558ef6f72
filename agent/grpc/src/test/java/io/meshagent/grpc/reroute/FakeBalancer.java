package io.meshagent.grpc.reroute;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntBiFunction;

/** Does what a test says. */
final class FakeBalancer implements Balancer {

  boolean readsStatistics;
  boolean readsAttempts;
  Candidates candidates;
  int pickers;
  boolean decides;
  List<String> refusals = Collections.emptyList();
  int[] among;
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
  public boolean decides() {
    return decides;
  }

  @Override
  public Picker picker(Candidates now) {
    candidates = now;
    pickers++;
    return new Picker() {
      @Override
      public int pick(Attempt attempt) {
        return pick.applyAsInt(now, attempt);
      }

      @Override
      public List<String> refusals() {
        return refusals;
      }

      @Override
      public int[] among(Attempt attempt) {
        return among;
      }
    };
  }
}
