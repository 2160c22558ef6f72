package io.meshagent.grpc.reroute;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Balancer;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToIntBiFunction;
import java.util.stream.IntStream;

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

  /** Whether any candidate may have any attempt. */
  boolean anyWillDo;

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

      @Override
      public int any(Attempt attempt, IntPredicate condition) {
        return IntStream.range(0, anyWillDo ? now.size() : 0)
            .filter(condition)
            .findFirst()
            .orElse(NONE);
      }
    };
  }
}
