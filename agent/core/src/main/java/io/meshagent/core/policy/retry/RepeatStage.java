package io.meshagent.core.policy.retry;

import io.meshagent.core.call.Call;
import io.meshagent.core.call.RepeatRule;
import io.meshagent.core.call.Stage;
import io.meshagent.core.call.Verdict;

/**
 * Counts the calls that pay for retries and hedges, and brings the rule by which gRPC makes them.
 */
final class RepeatStage implements Stage {

  private final MethodRepeats rule;

  RepeatStage(MethodRepeats rule) {
    this.rule = rule;
  }

  @Override
  public Verdict enter(Call call) {
    rule.budget().called(call.startNanos());
    return null;
  }

  @Override
  public void leave(Call call) {}

  @Override
  public RepeatRule repeats() {
    return rule;
  }
}
